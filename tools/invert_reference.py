#!/usr/bin/env python3
"""Compares `onnxviz invert --recipe plain` with the same loop in PyTorch float64.

    dotnet build -c Release
    /usr/bin/python3 tools/invert_reference.py                conv3_1 of vgg16-body, and layers of random torchvision networks
    /usr/bin/python3 tools/invert_reference.py vgg sgd        the rows whose names hold all of these words

Needs python3-torch, -torchvision and -onnx. The picture may stray from float64 by at most five times as much as
PyTorch's own float32 does, or 2e-2 relative L2, whichever is more. `moved` is how far the steps took the picture from
the noise, on the same scale. Exits 1 when out of limits.
"""
import argparse
import os
import pathlib
import sys
import tempfile

import numpy as np
import torch
import torchvision

from error_table import ErrorTable, relative_l2
from export_for_parity import export
from invert_loop import cases, invert
from onnx_network import OnnxNetwork
from onnxviz_cli import Cli, CliError, add_cli_option, model_path
from random_weights import scale_random_weights

STEPS = 8
SIZE = 64


def vgg():
    """Name, model file, layer, the function in a precision, pictures' scale."""
    path = model_path("vgg16-body.onnx")
    yield "vgg16-body conv3_1", path, "conv3_1", lambda dtype: lambda x, n=OnnxNetwork(path, dtype): n(x, "conv3_1"), 40.0


def torchvision_rows(folder):
    torch.manual_seed(0)
    resnet = torchvision.models.resnet18(weights=None).eval()
    mobilenet = torchvision.models.mobilenet_v2(weights=None).eval()
    for name, model, layer, part in [
            ("resnet18 layer2", resnet, "layer2", lambda m: torch.nn.Sequential(*list(m.children())[:6])),
            ("mobilenet_v2 features.6", mobilenet, "features.6", lambda m: m.features[:7]),
            ("resnet18 scores", resnet, "logits", lambda m: m)]:
        scale_random_weights(model, torch.randn(4, 3, SIZE, SIZE))
        path = pathlib.Path(folder) / (name.split()[0] + ".onnx")
        export(model, (3, SIZE, SIZE), path, 17)
        yield name, path, layer, lambda dtype, m=model, p=part: p(m).to(dtype), 1.0


def check(cli, row, words, table, folder):
    name, path, layer, function_in, scale = row
    random = np.random.default_rng(3)
    picture, init = (random.normal(0, scale, (1, 3, SIZE, SIZE)).astype(np.float32) for _ in range(2))
    np.save(folder / "picture.npy", picture)
    np.save(folder / "init.npy", init)
    exact = function_in(torch.float64)
    for case in cases(exact, torch.float64, picture, init, scale / 20):
        title = f"{name}, {case.name}"
        if not all(word in title for word in words):
            continue
        truth = invert(function_in(torch.float64), torch.float64, picture, init, case, STEPS)
        torch_error = relative_l2(invert(function_in(torch.float32), torch.float32, picture, init, case, STEPS), truth)
        title += f" (moved {relative_l2(init, truth):.2f})"
        try:
            found = cli.raw("invert", "-m", path, "--input-tensor", folder / "picture.npy", "--layer", layer,
                            "--init", folder / "init.npy", "--steps", STEPS, *case.options())
            table.add(title, relative_l2(found, truth), max(5 * torch_error, 2e-2), torch_error)
        except (CliError, ValueError) as error:
            table.add_failure(title, error, torch_error)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only rows whose names hold all of these")
    add_cli_option(parser)
    options = parser.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    cli = Cli(options.cli)
    table = ErrorTable("invert --recipe plain", width=58)
    with tempfile.TemporaryDirectory() as folder:
        for row in [*vgg(), *torchvision_rows(folder)]:
            check(cli, row, options.words, table, pathlib.Path(folder))
    sys.exit(1 if table.failures else 0)


if __name__ == "__main__":
    main()
