#!/usr/bin/env python3
"""Every way PyTorch's exporter writes a network against one float64 gradient of that network.

    dotnet build -c Release
    /usr/bin/python3 tools/parity_matrix.py                   all representative networks
    /usr/bin/python3 tools/parity_matrix.py resnet18 swin_t --markdown bench/parity-matrix.md

Opsets 9 to 17, constant folding on and off, batch norms unfolded, Dropout left in, initializers among the inputs, batch,
height and width open (and then another size than the exported one). `-` stands for what PyTorch itself cannot export.
Each cell runs predict and saliency; its number is the median relative L2 error of the gradient over three inputs, good
up to twice PyTorch float32's median or 2e-2, with logits up to twice PyTorch's largest error or 1e-5. What was within
limits is not run again (--again); the cells so far are in --work. Exits 1 when a cell is out of limits.
"""
import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile

import numpy as np
import torch

import torchvision_networks
from error_table import relative_l2_of_rows
from export_for_parity import export
from grouped_convolution import fast_grouped_convolutions
from onnxviz_cli import Cli, CliError, add_cli_option
from parity_reference import CLASS, answers
from torchvision_zoo import network_of

SMALL = 96
OTHER_SIZE = 136
FIXED_SIZE = {"inception_v3": 299, "vit_b_32": 224}
NETWORKS = ["resnet18", "squeezenet1_0", "shufflenet_v2_x0_5", "mobilenet_v3_small", "mobilenet_v2", "mnasnet0_5",
            "regnet_y_400mf", "efficientnet_b0", "googlenet", "densenet121", "convnext_tiny", "inception_v3", "swin_t",
            "vit_b_32"]
# The exporter writes the numbers of windows as constants: at another size the file is another network, in plain ONNX Runtime too.
ONE_SIZE = {"swin_t"}
OPEN = ("batch", "height", "width")
FOLDED = {}
UNFOLDED = {"do_constant_folding": False}
PRESERVE = {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
WITH_INPUTS = {"keep_initializers_as_inputs": True}

# Name of the column, opset, open axes, options of the exporter.
CELLS = [(f"{opset}", opset, ("batch",), FOLDED) for opset in (9, 11, 13, 15, 17)]
CELLS += [(f"{opset} not folded", opset, ("batch",), UNFOLDED) for opset in (9, 13, 17)]
CELLS += [(f"{opset} batch norm and Dropout left", opset, ("batch",), PRESERVE) for opset in (9, 11, 13, 17)]
CELLS += [(f"{opset} weights are inputs", opset, (), WITH_INPUTS) for opset in (9, 13)]
CELLS += [(f"{opset} open sizes", opset, OPEN, FOLDED) for opset in (9, 11, 13, 17)]


class Reference:
    """PyTorch's answers for three pictures of one size."""

    def __init__(self, model, size, work):
        inputs = np.random.default_rng(1).standard_normal((3, 3, size, size)).astype(np.float32)
        with fast_grouped_convolutions():
            self.exact = answers(model, inputs, CLASS, torch.float64)
        rounded = answers(model, inputs, CLASS, torch.float32)
        self.logits_limit = max(1e-5, 2 * max(relative_l2_of_rows(rounded.logits, self.exact.logits)))
        self.gradient_limit = max(2e-2, 2 * statistics.median(relative_l2_of_rows(rounded.gradient, self.exact.gradient)))
        self.path = work / f"matrix-{size}.npy"
        np.save(self.path, inputs)


class Row:
    """A network, its references and its cells."""

    def __init__(self, name, options):
        self.name, self.options = name, options
        self.size = FIXED_SIZE.get(name, SMALL)
        self.model = torchvision_networks.build(name)
        self.references = {}

    def reference(self, size):
        if size not in self.references:
            self.references[size] = Reference(self.model, size, self.options.work)
        return self.references[size]

    def cell(self, opset, open_axes, exporter):
        """The gradient's error, or in words what is wrong."""
        if open_axes == OPEN and self.name in ONE_SIZE:
            return "- The exporter writes what follows from the size as constants"
        path = self.options.work / f"{self.name}.cell.onnx"
        try:
            export(self.with_dropout(exporter), (3, self.size, self.size), path, opset, open_axes, **exporter)
        except Exception as error:  # PyTorch's exporter raises nearly everything.
            return "- " + first_sentence(error)
        finally:
            self.model.eval()
        is_open = open_axes == OPEN and self.name not in FIXED_SIZE
        reference = self.reference(OTHER_SIZE if is_open else self.size)
        try:
            return self.compare(path, reference)
        except (CliError, ValueError) as error:
            return str(error)

    def with_dropout(self, exporter):
        """Leftovers of training: Dropouts that still drop, as the exporter then writes them. All else answers as in eval mode."""
        for module in self.model.modules():
            if exporter is PRESERVE and isinstance(module, torch.nn.Dropout):
                module.train()
        return self.model

    def compare(self, path, reference):
        model = ["-m", path, "--input-tensor", reference.path]
        logits = self.options.cli.raw("predict", *model)
        error = max(relative_l2_of_rows(logits, reference.exact.logits))
        if not error <= reference.logits_limit:
            return f"logits are off by {error:.1e}"
        gradient = self.options.cli.raw("saliency", "--method", "gradient", "--class", CLASS, *model)
        error = statistics.median(relative_l2_of_rows(gradient, reference.exact.gradient))
        return error if error <= reference.gradient_limit else f"the gradient is off by {error:.1e}"


def first_sentence(error):
    return str(error).strip().splitlines()[0].split(". ")[0].split("  [")[0].split("{")[0]


def is_good(cell):
    return isinstance(cell, float) or cell.startswith("- ")


def run(name, options, found):
    """Fills the row `name` of `found`, saving it after every cell."""
    cells = found.setdefault(name, {})
    missing = [c for c in CELLS if options.again or not is_good(cells.get(c[0], "missing"))]
    row = Row(name, options) if missing else None
    for title, opset, open_axes, exporter in missing:
        cells[title] = row.cell(opset, open_axes, exporter)
        print(f"{name:20} {title:32} {cells[title]}", flush=True)
        options.results.write_text(json.dumps(found, indent=1))
    (options.work / f"{name}.cell.onnx").unlink(missing_ok=True)


def markdown(found, names):
    lines = ["| export | " + " | ".join(names) + " |", "|" + "---|" * (len(names) + 1)]
    notes = []
    for title, *_ in CELLS:
        lines.append(f"| {title} | " + " | ".join(mark(found[name].get(title, "not run"), notes) for name in names) + " |")
    lines += [""] + [f"{i}. {note}" for i, note in enumerate((note.removeprefix('- ') for note in notes), 1)]
    head = __doc__.split("\n\n", 3)
    command = "/usr/bin/python3 tools/parity_matrix.py --markdown bench/parity-matrix.md"
    return (f"# {head[0]}\n\nMade by `{command}` with PyTorch {torch.__version__}.\n{head[2]}\n\n" + "\n".join(lines) + "\n")


def mark(cell, notes):
    if isinstance(cell, float):
        return f"{cell:.0e}"
    if cell == "not run":
        return cell
    if cell not in notes:
        notes.append(cell)
    return ("-" if is_good(cell) else "FAILS") + f" ({notes.index(cell) + 1})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "onnxviz-parity")
    parser.add_argument("--markdown", type=pathlib.Path, help="write the table into this file")
    parser.add_argument("--again", action="store_true", help="run what was within limits, too")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="PyTorch's")
    add_cli_option(parser)
    options = parser.parse_args()
    options.cli = Cli(options.cli)
    options.work.mkdir(parents=True, exist_ok=True)
    options.results = options.work / "matrix.json"
    torch.set_num_threads(options.threads)
    found = json.loads(options.results.read_text()) if options.results.exists() else {}
    for name in options.networks:
        run(name, options, found)
    if options.markdown:
        options.markdown.write_text(markdown(found, options.networks))
    sys.exit(0 if all(is_good(cell) for name in options.networks for cell in found[name].values()) else 1)


if __name__ == "__main__":
    main()
