#!/usr/bin/env python3
"""Compares eight steps of `onnxviz maximize` on conv3_3 of vgg16-body with the same loop in PyTorch float64.

    dotnet build -c Release
    /usr/bin/python3 tools/maximize_reference.py               every case
    /usr/bin/python3 tools/maximize_reference.py tv rmsprop    the cases whose names hold one of these words

Needs python3-torch and python3-onnx; with libopenblas0-pthread the float64 part is ten times faster. From the same
seeded noise the picture may stray from float64 by at most five times as much as PyTorch's own float32 does, or
2e-2 relative L2, whichever is more. `moved` is how far eight steps took the picture from the noise, on the same scale.
Exits 1 when out of limits.
"""
import argparse
import os
import pathlib
import sys
import tempfile

import numpy as np
import torch

from error_table import ErrorTable, relative_l2
from maximize_cases import cases
from maximize_loop import maximize
from onnx_network import OnnxNetwork
from onnxviz_cli import Cli, CliError, add_cli_option, model_path

LAYER = "conv3_3"
UNITS = [0, 5]
SIZE = 64
STEPS = 8


def run_cli(cli, model, init_path, case):
    return cli.raw("maximize", "-m", model, "--layer", LAYER, "--unit", ",".join(map(str, UNITS)),
                   "--param", "tensor", "--transforms", "none", "--size", SIZE, "--init", init_path,
                   "--steps", STEPS, *case.options())


def check(case, exact, single, init, run, table):
    truth = maximize(exact, init, LAYER, UNITS, case, STEPS)
    torch_error = relative_l2(maximize(single, init, LAYER, UNITS, case, STEPS), truth)
    name = f"{case.name} (moved {relative_l2(init, truth):.2f})"
    try:
        table.add(name, relative_l2(run(case), truth), max(5 * torch_error, 2e-2), torch_error)
    except (CliError, ValueError) as error:
        table.add_failure(name, error, torch_error)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only cases whose name holds one of these")
    add_cli_option(parser)
    options = parser.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    cli, model = Cli(options.cli), model_path("vgg16-body.onnx")
    exact, single = OnnxNetwork(model, torch.float64), OnnxNetwork(model, torch.float32)
    init = np.random.default_rng(2).normal(0, 20, (len(UNITS), 3, SIZE, SIZE)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        init_path = pathlib.Path(folder) / "init.npy"
        np.save(init_path, init)
        table = ErrorTable(f"maximize {LAYER}", width=46)
        for case in cases(exact, init, LAYER, UNITS):
            if not options.words or any(word in case.name for word in options.words):
                check(case, exact, single, init, lambda c: run_cli(cli, model, init_path, c), table)
    sys.exit(1 if table.failures else 0)


if __name__ == "__main__":
    main()
