#!/usr/bin/env python3
"""Writes tests/OnnxViz.Tests/Fixtures/reference/invert.json and invert/: what plain inversion leads to in PyTorch.

    /usr/bin/python3 tools/make_invert_fixtures.py            needs python3-torch and -onnx

The picture is row 0 of the pattern of make_reference_fixtures.py, what the loop starts from is row 1. Everything is
float64 PyTorch, stored as float32.
"""
import json

import torch

from error_table import relative_l2
from invert_loop import cases, invert
from make_reference_fixtures import FOLDER, pattern, save
from onnx_network import OnnxNetwork
from onnxviz_cli import model_path

SHAPE, SCALE, STEPS = (2, 3, 24, 24), 0.25, 8


def entries(layer, limit):
    rows = pattern(SHAPE, SCALE)
    picture, init = rows[:1], rows[1:]
    networks = {d: OnnxNetwork(model_path("vgg16-body.onnx"), d) for d in (torch.float64, torch.float32)}
    functions = {d: (lambda x, n=n: n(x, layer)) for d, n in networks.items()}
    for case in cases(functions[torch.float64], torch.float64, picture, init, 1.0):
        truth = invert(functions[torch.float64], torch.float64, picture, init, case, STEPS)
        torch_l2 = relative_l2(invert(functions[torch.float32], torch.float32, picture, init, case, STEPS), truth)
        print(f"{layer} {case.name}: moved {relative_l2(init, truth):.2f}, PyTorch float32 strays {torch_l2:.1e}")
        yield {"name": case.name, "model": "vgg16-body.onnx", "layer": layer, "rows": {"shape": SHAPE, "scale": SCALE},
               "steps": STEPS, "optimizer": case.optimizer, "lr": case.lr, "regularizers": case.regularizers,
               "expected": save(f"invert/{layer}-{case.name.replace(' ', '-')}.npy", truth), "torch_l2": torch_l2,
               "limit": max(5 * torch_l2, limit(case))}


def main():
    def strict(case):
        return 2e-3 if case.optimizer in ("adam", "rmsprop") else 1e-4

    invert_entries = [*entries("conv1_2", strict), *entries("conv3_1", lambda case: 2e-2)]
    (FOLDER / "invert.json").write_text(json.dumps(invert_entries, indent=1) + "\n")


if __name__ == "__main__":
    main()
