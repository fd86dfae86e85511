#!/usr/bin/env python3
"""Compares our float32 input gradients with PyTorch's float64 ones, on random torchvision networks.

    dotnet build -c Release
    /usr/bin/python3 tools/parity.py                      six networks, as they stand and smooth, five inputs each
    /usr/bin/python3 tools/parity.py resnet18 --only smooth
    /usr/bin/python3 tools/parity.py --expected           the carried networks against ../shared/expected instead

Needs python3-torch, python3-torchvision and python3-onnx; with libopenblas0-pthread the float64 part is ten times
faster. Networks and references are kept in --work and used again (--fresh makes them anew). Exits 1 when out of limits.

Errors are relative L2 per input. As they stand (ReLU, Clip and MaxPool flip when rounding moves them) the median over
the five inputs must be at most twice PyTorch float32's median or 2e-2, whichever is more; smooth, the largest of the
five at most twice PyTorch's largest or 2e-6. Logits: the largest at most twice PyTorch's largest or 1e-5.
"""
import argparse
import copy
import os
import pathlib
import statistics
import sys
import tempfile

import numpy as np
import torch

import torchvision_networks
from error_table import ErrorTable, relative_l2, relative_l2_of_rows
from export_torchvision import export
from onnxviz_cli import SHARED, Cli, CliError, add_cli_option, model_path

CLASS = 7
INPUTS = 5


def logits_and_gradient(model, inputs, dtype):
    """Row by row, so that float64 VGG-16 needs little memory. Returns [N,K] and [N,3,H,W]."""
    model = copy.deepcopy(model).to(dtype)
    logits, gradients = [], []
    for row in inputs:
        x = torch.from_numpy(row[None]).to(dtype).requires_grad_()
        scores = model(x)
        scores[0, CLASS].backward()
        logits.append(scores.detach().numpy()[0])
        gradients.append(x.grad.numpy()[0])
    return np.stack(logits), np.stack(gradients)


def make_reference(name, smooth, path, reference_path):
    """The .onnx file and PyTorch's answers for it, made together so that they share their weights."""
    model = torchvision_networks.build(name, smooth)
    size = torchvision_networks.size_of(name)
    export(model, size, path)
    inputs = np.random.default_rng(1).standard_normal((INPUTS, 3, size, size)).astype(np.float32)
    logits64, gradient64 = logits_and_gradient(model, inputs, torch.float64)
    logits32, gradient32 = logits_and_gradient(model, inputs, torch.float32)
    np.savez(reference_path, input=inputs, logits64=logits64, gradient64=gradient64,
             logits32=logits32, gradient32=gradient32)


def check_network(name, smooth, options, table):
    label = name + (" smooth" if smooth else "")
    path = options.work / (name + (".smooth.onnx" if smooth else ".onnx"))
    reference_path = path.with_suffix(".reference.npz")
    if options.fresh or not (path.exists() and reference_path.exists()):
        make_reference(name, smooth, path, reference_path)
    reference = np.load(reference_path)
    input_path = path.with_suffix(".input.npy")
    np.save(input_path, reference["input"])

    pick, factor_free_limit = (max, 2e-6) if smooth else (statistics.median, 2e-2)
    torch_error = pick(relative_l2_of_rows(reference["gradient32"], reference["gradient64"]))
    torch_logits = max(relative_l2_of_rows(reference["logits32"], reference["logits64"]))
    try:
        logits = options.cli.raw("predict", "-m", path, "--input-tensor", input_path)
        error = max(relative_l2_of_rows(logits, reference["logits64"]))
        table.add(label + ", logits", error, max(2 * torch_logits, 1e-5), torch_logits)
        gradient = options.cli.raw("saliency", "-m", path, "--input-tensor", input_path,
                                   "--class", CLASS, "--method", "gradient")
        error = pick(relative_l2_of_rows(gradient, reference["gradient64"]))
        table.add(label + ", gradient", error, max(2 * torch_error, factor_free_limit), torch_error)
    except (CliError, ValueError) as error:
        table.add_failure(label, error, torch_error)


def expected_cases():
    """What `../shared/expected` holds for the verbs of the first issue: (file, key, limit, model, verb and options)."""
    lite0, vgg = "efficientnet-lite0.onnx", "vgg16-body.onnx"
    of_class = ["saliency", "--class", 282, "--method"]
    yield "lite0-chelsea", "logits", 1e-5, lite0, ["predict"]
    yield "lite0-chelsea", "saliency", 1e-2, lite0, of_class + ["gradient"]
    yield "lite0-chelsea", "input_x_gradient", 1e-2, lite0, of_class + ["input-x-gradient"]
    for unit in (25, 100):
        of_unit = ["saliency", "--layer", "pool5", "--unit", unit, "--score", "mean", "--method"]
        for key, method in (("saliency", "gradient"), ("guided", "guided"), ("deconv", "deconv")):
            yield "vgg16body-chelsea", f"pool5_{unit}_{key}", 5e-3, vgg, of_unit + [method]


def check_expected(options):
    table = ErrorTable("expected")
    for file, key, limit, model, arguments in expected_cases():
        expected = np.load(SHARED / "expected" / (file + ".npz"))
        input_path = options.work / (file + ".input.npy")
        np.save(input_path, expected["input"])
        try:
            verb, *rest = arguments
            found = options.cli.raw(verb, "-m", model_path(model), "--input-tensor", input_path, *rest)
            table.add(f"{file} {key}", relative_l2(found, expected[key]), limit)
        except (CliError, ValueError) as error:
            table.add_failure(f"{file} {key}", error)
    return table.failures


def check_networks(options):
    table = ErrorTable("network")
    for name in options.networks:
        for smooth in (False, True):
            if options.only != ("plain" if smooth else "smooth"):
                check_network(name, smooth, options, table)
    return table.failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=torchvision_networks.DEFAULT_NAMES)
    parser.add_argument("--expected", action="store_true", help="check ../shared/expected instead of the networks")
    parser.add_argument("--only", choices=["plain", "smooth"])
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "onnxviz-parity")
    parser.add_argument("--fresh", action="store_true")
    add_cli_option(parser)
    options = parser.parse_args()
    options.cli = Cli(options.cli)
    options.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(os.cpu_count() or 1)
    failures = check_expected(options) if options.expected else check_networks(options)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
