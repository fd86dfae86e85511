"""Writes the small networks of tests/OnnxViz.Tests/Fixtures/layers: torchvision's, as PyTorch 1.13 exports them, without weights.

    python3 tools/make_layer_fixtures.py tests/OnnxViz.Tests/Fixtures/layers

Every large initializer becomes a ConstantOfShape of the same name and shape. `NAME.onnx` is the usual export: scopes in
the names of nodes, batch norms folded. `NAME-plain.onnx` has no scopes (Conv_28), batch norms stay, and all weights keep
the names of their modules. Needs torch, torchvision, onnx (Debian: python3-torchvision, python3-onnx).
"""
import io
import pathlib
import sys

import onnx
import torch
import torchvision
from onnx import helper, numpy_helper

NETWORKS = ["alexnet", "vgg16", "vgg11_bn", "googlenet", "resnet18", "squeezenet1_1", "mobilenet_v2"]


def network(name):
    options = {"init_weights": False} if name in ("vgg16", "vgg11_bn", "googlenet") else {}
    if name == "googlenet":
        options["aux_logits"] = False
    model = torchvision.models.get_model(name, weights=None, **options).eval()
    with torch.no_grad():
        # The exporter stores equal tensors once; trained ones never are.
        for tensor in model.state_dict().values():
            if tensor.is_floating_point():
                tensor.uniform_(0.5, 1.5)
    return model


def export(model, training):
    buffer = io.BytesIO()
    torch.onnx.export(model, torch.zeros(1, 3, 224, 224), buffer, opset_version=17, training=training,
                      input_names=["input"], output_names=["logits"])
    return onnx.load_from_string(buffer.getvalue())


def without_weights(model):
    graph = model.graph
    kept, nodes = [], []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.size <= 16:
            kept.append(tensor)
            continue
        shape = f"#{len(kept)}"
        kept.append(helper.make_tensor(shape, onnx.TensorProto.INT64, [array.ndim], list(array.shape)))
        nodes.append(helper.make_node("ConstantOfShape", [shape], [tensor.name]))
    nodes.extend(graph.node)
    del graph.initializer[:]
    graph.initializer.extend(kept)
    del graph.node[:]
    graph.node.extend(nodes)
    del graph.value_info[:]
    return model


def without_scopes(model):
    fixed = {v.name for v in (*model.graph.input, *model.graph.output, *model.graph.initializer)}
    renamed = {}
    for i, node in enumerate(model.graph.node):
        node.name = f"{node.op_type}_{i}"
        for j, name in enumerate(node.output):
            if name not in fixed:
                renamed[name] = f"t{i}_{j}"
        for names in (node.input, node.output):
            names[:] = [renamed.get(name, name) for name in names]
    return model


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name in NETWORKS:
        model = network(name)
        onnx.save(without_weights(export(model, torch.onnx.TrainingMode.EVAL)), folder / f"{name}.onnx")
        plain = without_scopes(export(model, torch.onnx.TrainingMode.PRESERVE))
        onnx.save(without_weights(plain), folder / f"{name}-plain.onnx")
        print(name, sum(p.numel() for p in model.parameters()))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
