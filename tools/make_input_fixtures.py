"""Networks whose input is no picture of gray or colour, with PyTorch's input gradients in float64.

Writes tests/OnnxViz.Tests/Fixtures/inputs: NAME.onnx, and inputs.npz with, for each, NAME/x (rows of the input), NAME/gradient
(of class 1) and NAME/cam (Grad-CAM at the second ReLU, by hand).
"""
import argparse
import os
import warnings

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

OUT = os.path.join(os.path.dirname(__file__), "..", "tests", "OnnxViz.Tests", "Fixtures", "inputs")
CLASS = 1


class Network(nn.Module):
    """Two convolutions behind a move of the axes."""

    def __init__(self, rank, channels, move=None, line=False):
        super().__init__()
        conv = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[rank - 1]
        pool = (nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d)[rank - 1]
        kernel, padding = ((1, 3), (0, 1)) if line else (3, 1)
        self.move = move
        self.first = conv(channels, 4, kernel, padding=padding)
        self.second = conv(4, 5, kernel, padding=padding)
        self.pool, self.head = pool(1), nn.Linear(5, 3)

    def forward(self, x):
        maps = torch.relu(self.second(torch.relu(self.first(self.move(x) if self.move else x))))
        self.maps = maps
        return self.head(self.pool(maps).flatten(1))


def cases():
    """name, network, shape of a row, whether the shape is declared."""
    yield "nchw2", Network(2, 2), (2, 6, 7), True
    yield "nchw4", Network(2, 4), (4, 6, 7), True
    yield "nchw12", Network(2, 12), (12, 6, 7), True
    yield "nhwc5", Network(2, 5, lambda x: x.permute(0, 3, 1, 2)), (6, 7, 5), True
    yield "nhw", Network(2, 1, lambda x: x.unsqueeze(1)), (6, 7), True
    yield "ncdhw1", Network(3, 1), (1, 4, 5, 6), True
    yield "ndhwc2", Network(3, 2, lambda x: x.permute(0, 4, 1, 2, 3)), (4, 5, 6, 2), True
    yield "ndchw3", Network(3, 3, lambda x: x.permute(0, 2, 1, 3, 4)), (4, 3, 5, 6), True
    yield "nct3", Network(1, 3), (3, 20), True
    yield "ntc3", Network(1, 3, lambda x: x.permute(0, 2, 1)), (20, 3), True
    # As tf2onnx writes Conv1D.
    yield "ntc3-2d", Network(2, 3, lambda x: x.permute(0, 2, 1).unsqueeze(2), line=True), (20, 3), True
    yield "nt", Network(1, 1, lambda x: x.unsqueeze(1)), (20,), True
    yield "open-nchw6", Network(2, 6), (6, 6, 7), False
    yield "open-nhwc3", Network(2, 3, lambda x: x.permute(0, 3, 1, 2)), (6, 7, 3), False
    yield "open-ncdhw1", Network(3, 1), (1, 4, 5, 6), False


def denoted(arrays):
    """A row of weights behind an input whose lengths mislead: ONNX's words say which axis has the channels."""
    shape, words = (20, 4, 2), ("DATA_BATCH", "DATA_CHANNEL", "DATA_FEATURE", "DATA_FEATURE")
    weight = torch.randn(2, int(np.prod(shape))).numpy()
    info = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", *shape])
    info.type.denotation = "IMAGE"
    for dim, word in zip(info.type.tensor_type.shape.dim, words):
        dim.denotation = word
    nodes = [onnx.helper.make_node("Flatten", ["x"], ["flat"]), onnx.helper.make_node("Gemm", ["flat", "w"], ["scores"], transB=1)]
    scores = onnx.helper.make_tensor_value_info("scores", onnx.TensorProto.FLOAT, ["n", 2])
    graph = onnx.helper.make_graph(nodes, "denoted", [info], [scores], [numpy_helper.from_array(weight, "w")])
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)]), os.path.join(OUT, "denoted.onnx"))
    arrays["denoted/x"] = torch.randn(1, *shape).numpy()
    arrays["denoted/gradient"] = weight[CLASS].reshape(1, *shape)


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    warnings.filterwarnings("ignore")
    torch.manual_seed(5)
    os.makedirs(OUT, exist_ok=True)
    arrays = {}
    for name, network, shape, declared in cases():
        x = torch.randn(2, *shape)
        path = os.path.join(OUT, name + ".onnx")
        torch.onnx.export(
            network.eval(), x[:1], path, opset_version=13, input_names=["x"], output_names=["scores"],
            dynamic_axes={"x": {0: "n"}, "scores": {0: "n"}})
        if not declared:
            model = onnx.load(path)
            model.graph.input[0].type.tensor_type.ClearField("shape")
            onnx.save(model, path)
        network.double()
        exact = x.double().requires_grad_()
        score = network(exact)[:, CLASS].sum()
        gradient, maps = torch.autograd.grad(score, [exact, network.maps])
        positions = tuple(range(2, maps.dim()))
        cam = torch.relu((maps.mean(positions, keepdim=True) * network.maps).sum(1, keepdim=True))
        arrays[name + "/x"] = x.numpy()
        arrays[name + "/gradient"] = gradient.numpy().astype(np.float32)
        arrays[name + "/cam"] = cam.detach().numpy().astype(np.float32)
    denoted(arrays)
    np.savez(os.path.join(OUT, "inputs.npz"), **arrays)


if __name__ == "__main__":
    main()
