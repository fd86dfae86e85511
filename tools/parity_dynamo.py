#!/usr/bin/env python3
"""Compares our float32 input gradients with PyTorch's float64 ones on ../shared/models/dynamo.

    dotnet build -c Release
    /usr/bin/python3 tools/parity_dynamo.py

Five tiny networks as PyTorch's new exporter writes them; PyTorch is not needed, python3-numpy is. The relative L2 error
over all inputs must be at most twice PyTorch float32's or 2e-6; 1e-2 for networks with a ReLU, which rounding may flip.
Exits 1 when out of limits.
"""
import argparse
import sys

import numpy as np

from error_table import ErrorTable, relative_l2
from onnxviz_cli import SHARED, Cli, CliError, add_cli_option

WITH_RELU = {"test_byobnet", "test_resnet"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_cli_option(parser)
    cli = Cli(parser.parse_args().cli)
    folder = SHARED / "models" / "dynamo"
    networks = sorted(folder.glob("*.onnx"))
    if not networks:
        sys.exit(f"No networks in {folder}.")
    table = ErrorTable("network")
    for path in networks:
        reference = np.load(path.with_suffix(".npz"))
        torch_error = float(reference["torch_l2"])
        limit = 1e-2 if path.stem in WITH_RELU else max(2 * torch_error, 2e-6)
        try:
            found = cli.raw("saliency", "-m", path, "--input-tensor", folder / "input.npy",
                            "--class", int(reference["cls"]), "--method", "gradient")
            table.add(path.stem, relative_l2(found, reference["grad"]), limit, torch_error)
        except (CliError, ValueError) as error:
            table.add_failure(path.stem, error, torch_error)
    sys.exit(1 if table.failures else 0)


if __name__ == "__main__":
    main()
