#!/usr/bin/env python3
"""Compares our float32 input gradients with PyTorch's float64 ones, on torchvision's networks with random weights.

    dotnet build -c Release
    /usr/bin/python3 tools/parity.py                      all networks, as they stand and smooth, five inputs each
    /usr/bin/python3 tools/parity.py resnet18 --only smooth
    /usr/bin/python3 tools/parity.py --markdown bench/parity.md       the table too

Needs python3-torch, python3-torchvision and python3-onnx; with libopenblas0-pthread the float64 part is ten times
faster (an hour for all on two cores). What was within limits is not run again, what was not is, with the files it had:
the results so far are in --work (--again runs all again, --fresh makes the files anew). Exits 1 when out of limits.

Errors are relative L2 per input. As they stand (ReLU, Clip and MaxPool flip when rounding moves them) the median over
the five inputs must be at most twice PyTorch float32's median or 2e-2, whichever is more; smooth, the largest of the
five at most twice PyTorch's largest or 2e-6. Logits: the largest at most twice PyTorch's largest or 1e-5.
"""
import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

import torch

from error_table import ErrorTable, relative_l2_of_rows
from onnxviz_cli import Cli, CliError, add_cli_option
from parity_reference import INPUTS, Case
from parity_results import Result, Results, markdown
from torchvision_zoo import NETWORKS


def check(case, options):
    reference = case.reference(options.fresh)
    result = Result(case.name, case.smooth, list(case.network.input_shape(1)[1:]))
    pick = max if case.smooth else statistics.median
    result.torch_gradient = pick(relative_l2_of_rows(reference["gradient32"], reference["gradient64"]))
    result.torch_logits = max(relative_l2_of_rows(reference["logits32"], reference["logits64"]))
    result.torch_seconds = float(reference["seconds"])
    model = ["-m", case.path, "--input-tensor", case.input_path]
    try:
        logits = options.cli.raw(*case.command_of_logits(), *model)
        result.logits = max(relative_l2_of_rows(logits, reference["logits64"]))
        start = time.perf_counter()
        gradient = options.cli.raw(*case.command_of_gradient(), *model)
        result.seconds = time.perf_counter() - start
        result.gradient = pick(relative_l2_of_rows(gradient, reference["gradient64"]))
    except (CliError, ValueError) as error:
        result.failure = str(error)
    return result


def show(result, label, table):
    if result.failure:
        table.add_failure(label, result.failure, result.torch_gradient)
        return
    table.add(label + ", logits", result.logits, result.logits_limit, result.torch_logits)
    table.add(label + ", gradient", result.gradient, result.gradient_limit, result.torch_gradient)


def run(case, results, options):
    """The result known, or a new one. A network that PyTorch cannot build or export is a failure too, with its words."""
    known = results.get(case.name, case.smooth)
    if known and known.good and not (options.again or options.fresh):
        return known
    try:
        result = check(case, options)
    except Exception as error:  # PyTorch's exporter raises nearly everything.
        case.remove()
        shape = list(case.network.input_shape(1)[1:])
        result = Result(case.name, case.smooth, shape, failure=f"PyTorch: {str(error).strip().splitlines()[0]}")
    results.add(result)
    if result.good and not options.keep:
        case.remove()
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=list(NETWORKS))
    parser.add_argument("--only", choices=["plain", "smooth"])
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "onnxviz-parity")
    parser.add_argument("--markdown", type=pathlib.Path, help="write all results of --work as a table into this file")
    parser.add_argument("--again", action="store_true", help="run what was within limits, too")
    parser.add_argument("--fresh", action="store_true", help="make networks and references anew")
    parser.add_argument("--keep", action="store_true", help="keep the files of networks within limits (20 GB for all)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="PyTorch's")
    add_cli_option(parser)
    options = parser.parse_args()
    options.cli = Cli(options.cli)
    options.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    results = Results(options.work / "results.json")
    table = ErrorTable("network")
    for name in options.networks:
        for smooth in (False, True):
            if options.only != ("plain" if smooth else "smooth"):
                case = Case(name, smooth, options.work)
                show(run(case, results, options), case.label, table)
    if options.markdown:
        options.markdown.write_text(markdown(results, [name for name in NETWORKS if name in options.networks], INPUTS))
    sys.exit(1 if table.failures else 0)


if __name__ == "__main__":
    main()
