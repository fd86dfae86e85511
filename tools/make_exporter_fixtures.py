#!/usr/bin/env python3
"""Writes tests/OnnxViz.Tests/Fixtures/reference/exporters: networks as tools other than PyTorch's exporter write them.

    /usr/bin/python3 tools/make_exporter_fixtures.py          needs python3-torch and -onnx

exporters.json in that folder lists them as index.json does; the answers are PyTorch's in float64, stored as float32.
"""
import json

import numpy as np
import onnx
import torch

import keras_network
from error_table import relative_l2
from make_reference_fixtures import FOLDER, input_gradient, pattern, save
from quantized_networks import OnnxBackend, Parameters, QOperatorBackend, TorchBackend, moving_network, network

SHAPE, SCALE, CHOSEN = (2, 3, 11, 10), 1 / 64, 3
QUANTIZED = {
    "uint8": (network, "uint8", {"qdq": (OnnxBackend, "", 13), "microsoft": (OnnxBackend, "microsoft", 11), "qoperator": (QOperatorBackend, "", 13)}),
    "int8": (network, "int8", {"qdq": (OnnxBackend, "", 13), "floats": (OnnxBackend, "floats", 19), "qoperator": (QOperatorBackend, "", 13)}),
    "uint16": (network, "uint16", {"microsoft": (OnnxBackend, "microsoft", 13), "qdq": (OnnxBackend, "", 21)}),
    "moving": (moving_network, "int8", {"qdq": (OnnxBackend, "", 13), "floats": (OnnxBackend, "floats", 13)}),
}


def chosen(logits):
    return logits[:, CHOSEN]


def is_steady(function, inputs, gradient, logits):
    """Noise well above float32 rounding flips no rounding, no maximum and no range."""
    random = np.random.default_rng(0)
    for _ in range(20):
        moved = inputs.astype(np.float64) * (1 + 2e-7 * random.standard_normal(inputs.shape))
        found, answer = input_gradient(function, chosen, moved, torch.float64)
        if relative_l2(found, gradient) > 1e-6 or relative_l2(answer, logits) > 1e-6:
            return False
    return True


def entry(stem, models, inputs, gradient, logits, torch_l2):
    print(f"{stem}: {len(models)} files, PyTorch float32 strays {torch_l2:.1e}")
    return {"models": [f"exporters/{model}" for model in models], "input": {"shape": inputs.shape, "scale": SCALE}, "class": CHOSEN,
            "method": "gradient", "every": 1, "expected": save(f"exporters/{stem}.gradient.npy", gradient), "torch_l2": torch_l2,
            "limit": max(2 * torch_l2, 2e-6), "logits": save(f"exporters/{stem}.logits.npy", logits)}


def write(model, name):
    (FOLDER / "exporters").mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(FOLDER / "exporters" / name))


def quantized_entry(name):
    function, activations, files = QUANTIZED[name]
    inputs = pattern(SHAPE, SCALE)
    for seed in range(500):
        parameters = Parameters(seed, activations)
        function(TorchBackend(parameters, torch.float64, calibrate=True), torch.from_numpy(inputs).double())

        def quantized(x):
            return function(TorchBackend(parameters, x.dtype), x)

        gradient, logits = input_gradient(quantized, chosen, inputs, torch.float64)
        single, answer = input_gradient(quantized, chosen, inputs, torch.float32)
        if np.linalg.norm(gradient) > 1e-2 and relative_l2(answer, logits) < 1e-6 and is_steady(quantized, inputs, gradient, logits):
            break
    else:
        raise RuntimeError(f"{name}: every seed was near a tie")
    models = []
    for style, (backend, option, opset) in files.items():
        onnx_backend = backend(parameters, option)
        write(onnx_backend.model(function(onnx_backend, "x"), SHAPE, opset), f"{name}.{style}.onnx")
        models.append(f"{name}.{style}.onnx")
    return entry(name, models, inputs, gradient, logits, relative_l2(single, gradient))


def main():
    entries = [quantized_entry(name) for name in QUANTIZED] + [entry(*keras_network.fixture(name, write, chosen)) for name in keras_network.NAMES]
    (FOLDER / "exporters.json").write_text(json.dumps({"gradients": entries}, indent=1) + "\n")


if __name__ == "__main__":
    main()
