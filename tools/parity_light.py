#!/usr/bin/env python3
"""The ONNX Model Zoo's classics (../shared/models/light) as they are, and with random weights against PyTorch float64.

    dotnet build -c Release
    /usr/bin/python3 tools/parity_light.py
    /usr/bin/python3 tools/parity_light.py light_squeezenet --only random

Needs python3-torch and python3-onnx. As they are, every weight is the same number and saliency only has to work. With
random weights (among the graph's inputs, as the zoo has them) onnx_network.py runs the same file in PyTorch: the median
over three inputs is at most twice PyTorch float32's relative L2 error, or 2e-2; logits at most twice its largest, or
1e-5. Exits 1 when something fails.
"""
import argparse
import os
import pathlib
import statistics
import sys
import tempfile

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from error_table import ErrorTable, relative_l2_of_rows
from onnx_network import OnnxNetwork
from onnxviz_cli import SHARED, Cli, CliError, add_cli_option
from parity_reference import CLASS, answers

INPUTS = 3


def with_random_weights(path, random):
    """The model with every float initializer and every ConstantOfShape random, each scaled for where it is used."""
    model = onnx.load(str(path))
    graph = model.graph
    constants = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    shapes = {name: value.shape for name, value in constants.items() if value.dtype == np.float32}
    shapes.update({node.output[0]: tuple(constants[node.input[0]]) for node in graph.node if node.op_type == "ConstantOfShape"})
    used = {name: (node, i) for node in graph.node for i, name in enumerate(node.input) if name in shapes}

    kept = [node for node in graph.node if node.op_type != "ConstantOfShape"]
    consumed = {name for node in kept for name in node.input}
    weights = [numpy_helper.from_array(random_weight(*used[name], shape, random), name)
               for name, shape in shapes.items() if name in used]
    weights += [t for t in graph.initializer if t.name in consumed and t.name not in shapes]
    images = [i for i in graph.input if i.name not in constants]
    inputs = images + [helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in weights]
    del graph.node[:], graph.initializer[:], graph.input[:]
    graph.node.extend(kept)
    graph.initializer.extend(weights)
    graph.input.extend(inputs)
    onnx.checker.check_model(model)
    return model


def random_weight(node, index, shape, random):
    """He's initialisation of weights; biases, and scales, shifts, means and variances of batch norms that matter."""
    if node.op_type == "BatchNormalization" and index in (1, 4):
        return random.uniform(0.5, 1.5, shape).astype(np.float32)
    inputs = 100 if len(shape) == 1 else np.prod(shape[1:])
    return (random.standard_normal(shape) * (2 / inputs) ** 0.5).astype(np.float32)


def image_shape(path):
    graph = onnx.load(str(path)).graph
    weights = {t.name for t in graph.initializer}
    image = next(i for i in graph.input if i.name not in weights)
    assert image.type.tensor_type.elem_type == TensorProto.FLOAT
    return [d.dim_value for d in image.type.tensor_type.shape.dim[1:]]


class BeforeSoftmax(torch.nn.Module):
    """What the trailing Softmax is given: the scores that are explained (design section 7)."""

    def __init__(self, path, dtype):
        super().__init__()
        self.network = OnnxNetwork(path, dtype)
        last = self.network.nodes[-1]
        self.output = last.input[0] if last.op_type == "Softmax" else last.output[0]

    def forward(self, x):
        return self.network(x, self.output).flatten(1)


def check_as_it_is(path, input_path, cli, table):
    try:
        gradient = cli.raw("saliency", "--method", "gradient", "--class", CLASS, "-m", path, "--input-tensor", input_path)
        table.add(path.stem + " as it is, works", 0.0 if np.isfinite(gradient).all() else float("nan"), 0.0)
    except CliError as error:
        table.add_failure(path.stem + " as it is", error)


def check_random(path, input_path, inputs, cli, table):
    exact = answers(BeforeSoftmax(path, torch.float64), inputs, CLASS, torch.float64)
    rounded = answers(BeforeSoftmax(path, torch.float32), inputs, CLASS, torch.float32)
    model = ["-m", path, "--input-tensor", input_path]
    try:
        rounding = max(relative_l2_of_rows(rounded.logits, exact.logits))
        error = max(relative_l2_of_rows(cli.raw("predict", *model), exact.logits))
        table.add(path.stem + ", logits", error, max(2 * rounding, 1e-5), rounding)
        rounding = statistics.median(relative_l2_of_rows(rounded.gradient, exact.gradient))
        gradient = cli.raw("saliency", "--method", "gradient", "--class", CLASS, *model)
        error = statistics.median(relative_l2_of_rows(gradient, exact.gradient))
        table.add(path.stem + ", gradient", error, max(2 * rounding, 2e-2), rounding)
    except (CliError, ValueError) as error:
        table.add_failure(path.stem, error)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", help="all by default")
    parser.add_argument("--only", choices=["as-is", "random"])
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="PyTorch's")
    add_cli_option(parser)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cli, table = Cli(options.cli), ErrorTable("network")
    for path in sorted((SHARED / "models/light").glob("*.onnx")):
        if options.networks and path.stem not in options.networks:
            continue
        inputs = np.random.default_rng(1).standard_normal((INPUTS, *image_shape(path))).astype(np.float32)
        with tempfile.TemporaryDirectory() as work:
            input_path = pathlib.Path(work) / "input.npy"
            np.save(input_path, inputs)
            if options.only != "random":
                check_as_it_is(path, input_path, cli, table)
            if options.only != "as-is":
                random_path = pathlib.Path(work) / (path.stem + "_random.onnx")
                onnx.save(with_random_weights(path, np.random.default_rng(0)), str(random_path))
                check_random(random_path, input_path, inputs, cli, table)
    sys.exit(1 if table.failures else 0)


if __name__ == "__main__":
    main()
