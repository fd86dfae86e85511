#!/usr/bin/env python3
"""Writes tests/OnnxViz.Tests/Fixtures/reference: small answers of PyTorch that `dotnet test` compares ours with.

    /usr/bin/python3 tools/make_reference_fixtures.py         needs python3-torch, -torchvision and -onnx

README.md in that folder says what the files are. Everything is float64 PyTorch, stored as float32.
"""
import argparse
import copy
import json
import os
import pathlib

import numpy as np
import torch

import tiny_networks
from error_table import relative_l2
from export_for_parity import export
from maximize_cases import cases
from maximize_loop import maximize
from onnx_network import OnnxNetwork
from onnxviz_cli import REPOSITORY, model_path
from random_weights import scale_random_weights

FOLDER = REPOSITORY / "tests/OnnxViz.Tests/Fixtures/reference"
RULES = {"gradient": "default", "guided": "guided", "deconv": "deconv"}
WITHOUT_RECTIFIERS = ("efficientnet-like",)
POOL5_UNIT = 53
LITE0_CLASS = 858


def pattern(shape, scale):
    """A picture that C# computes as well, bit for bit, when scale is a power of two (formula: README.md)."""
    n, c, y, x = np.indices(shape)
    return (((53 * n + 37 * c + 3 * y * y + 5 * x + 7 * x * y) % 256 - 128) * scale).astype(np.float32)


def save(name, array):
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.ascontiguousarray(array, np.float32))
    return name


def input_gradient(function, score, inputs, dtype):
    """The gradient of score(function(x)) summed over rows, and function(x)."""
    x = torch.from_numpy(inputs).to(dtype).requires_grad_()
    output = function(x)
    score(output).sum().backward()
    return x.grad.numpy(), output.detach().numpy()


# Tiny networks: the truth is the PyTorch module itself; each exported file is checked against it.

def flips_no_kink(model, inputs, score, truth):
    """True when input noise well above float32 rounding leaves the gradient smooth: no ReLU, clip or maximum flips."""
    random = np.random.default_rng(0)
    for _ in range(20):
        moved = inputs.astype(np.float64) * (1 + 1e-5 * random.standard_normal(inputs.shape))
        if relative_l2(input_gradient(model, score, moved, torch.float64)[0], truth) > 3e-4:
            return False
    return True


def build_tiny(make, inputs, score):
    """The first seed whose network has no kink near the inputs, in float32."""
    for seed in range(200):
        torch.manual_seed(seed)
        model = make().eval()
        scale_random_weights(model, torch.from_numpy(pattern((8,) + tiny_networks.INPUT_SHAPE[1:], 1 / 64)))
        exact = copy.deepcopy(model).double()
        truth = input_gradient(exact, score, inputs, torch.float64)[0]
        if np.linalg.norm(truth) > 1e-2 and flips_no_kink(exact, inputs, score, truth):
            return model, exact
    raise RuntimeError("every seed had a kink near the inputs")


def tiny_entries(opsets=(9, 11, 13, 17), chosen_class=3):
    def score(logits):
        return logits[:, chosen_class]

    inputs = pattern(tiny_networks.INPUT_SHAPE, 1 / 64)
    for name, make in tiny_networks.NETWORKS.items():
        model, exact = build_tiny(make, inputs, score)
        gradient, logits = input_gradient(exact, score, inputs, torch.float64)
        models = [f"tiny/{name}.opset{opset}.onnx" for opset in opsets]
        for opset, file in zip(opsets, models):
            export_tiny(model, FOLDER / file, opset)
        logits_file = save(f"tiny/{name}.logits.npy", logits)
        for method in ["gradient"] if name in WITHOUT_RECTIFIERS else RULES:
            truth = check_files(models, RULES[method], inputs, score, gradient if method == "gradient" else None, logits)
            torch_l2 = rule_error(models[-1], RULES[method], inputs, score, truth)
            print(f"{name} {method}: PyTorch float32 strays {torch_l2:.1e}")
            yield {"models": models, "input": {"shape": inputs.shape, "scale": 1 / 64}, "class": chosen_class,
                   "method": method, "every": 1, "expected": save(f"tiny/{name}.{method}.npy", truth),
                   "torch_l2": torch_l2, "limit": max(2 * torch_l2, 2e-6), "logits": logits_file}


def export_tiny(model, path, opset):
    path.parent.mkdir(parents=True, exist_ok=True)
    export(model, tiny_networks.INPUT_SHAPE[1:], path, opset)


def check_files(models, rule, inputs, score, gradient, logits):
    """All files must say the same in float64 as the module, or as each other for the rules PyTorch has no name for."""
    for model in models:
        network = OnnxNetwork(FOLDER / model, torch.float64)
        found, answer = input_gradient(lambda x: network(x, rule=rule), score, inputs, torch.float64)
        gradient = found if gradient is None else gradient
        if relative_l2(found, gradient) > 2e-6 or relative_l2(answer, logits) > 2e-6:
            raise RuntimeError(f"{model} is not the network it was exported from")
    return gradient


def rule_error(model, rule, inputs, score, truth):
    network = OnnxNetwork(FOLDER / model, torch.float32)
    return relative_l2(input_gradient(lambda x: network(x, rule=rule), score, inputs, torch.float32)[0], truth)


# The carried networks.

def carried_entry(model, inputs, described, layer, score, method, every, limit, named):
    """A gradient of a carried network, rows and columns 0, `every`, 2 `every` and so on."""
    found = {}
    for dtype in (torch.float64, torch.float32):
        network = OnnxNetwork(model_path(model), dtype)
        gradient, output = input_gradient(lambda x: network(x, layer, RULES[method]), score, inputs, dtype)
        found[dtype] = gradient[..., ::every, ::every]
    truth = found[torch.float64]
    torch_l2 = relative_l2(found[torch.float32], truth)
    stem = "-".join([pathlib.Path(model).stem] + [str(value) for value in named.values()] + [method])
    print(f"{stem}: PyTorch float32 strays {torch_l2:.1e}")
    return {"models": [model], "input": described, **named, "method": method, "every": every,
            "expected": save(stem + ".npy", truth), "torch_l2": torch_l2, "limit": limit}, output


def vgg_entries():
    """Units that answer the pattern: the gradient of a dead one is 0 whatever we do."""
    shape = (1, 3, 64, 64)
    inputs, described = pattern(shape, 1.0), {"shape": shape, "scale": 1.0}
    asked = [("pool5", POOL5_UNIT, "mean", lambda y: y[:, POOL5_UNIT].mean((1, 2)), RULES),
             ("conv4_3", 100, "center", lambda y: y[:, 100, y.shape[2] // 2, y.shape[3] // 2], ["gradient"]),
             ("relu3_3", 7, "max", lambda y: y[:, 7].amax((1, 2)), ["gradient", "guided"])]
    for layer, unit, kind, score, methods in asked:
        for method in methods:
            yield carried_entry("vgg16-body.onnx", inputs, described, layer, score, method, 2, 5e-3,
                                {"layer": layer, "unit": unit, "score": kind})[0]


def lite0_entries():
    shape, scale = (1, 3, 224, 224), 1 / 128
    entry, logits = carried_entry("efficientnet-lite0.onnx", pattern(shape, scale), {"shape": shape, "scale": scale},
                                  None, lambda y: y[:, LITE0_CLASS], "gradient", 4, 1e-2, {"class": LITE0_CLASS})
    yield {**entry, "logits": save("efficientnet-lite0-logits.npy", logits)}


def maximize_entries(layer, units, size, limit, words=("",)):
    """`init` is the pattern, one row per unit."""
    shape, scale = (len(units), 3, size, size), 0.25
    init = pattern(shape, scale)
    exact, single = (OnnxNetwork(model_path("vgg16-body.onnx"), dtype) for dtype in (torch.float64, torch.float32))
    for case in cases(exact, init, layer, units):
        if not any(word in case.name for word in words):
            continue
        truth = maximize(exact, init, layer, units, case)
        torch_l2 = relative_l2(maximize(single, init, layer, units, case), truth)
        stem = "".join(c if c.isalnum() else "-" for c in case.name).replace("--", "-")
        print(f"{layer} {case.name}: moved {relative_l2(init, truth):.2f}, PyTorch float32 strays {torch_l2:.1e}")
        yield {"name": case.name, "model": "vgg16-body.onnx", "layer": layer, "units": units, "size": size,
               "init": {"shape": shape, "scale": scale}, "steps": 8, "objective": case.objective,
               "optimizer": case.optimizer, "lr": case.lr, "normalize_gradient": case.normalize,
               "regularizers": case.regularizers, "tv_beta": case.tv_beta, "alpha": case.alpha,
               "expected": save(f"maximize/{layer}-{stem}.npy", truth), "torch_l2": torch_l2,
               "limit": max(5 * torch_l2, limit(case))}


def strict_limit(case):
    """Behind one ReLU little can flip, but adam and rmsprop turn the sign of a vanishing gradient into a whole step."""
    return 2e-3 if case.optimizer in ("adam", "rmsprop") else 1e-4


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    index = {"gradients": [*tiny_entries(), *vgg_entries(), *lite0_entries()],
             "maximize": [*maximize_entries("conv1_2", [7], 24, strict_limit),
                          *maximize_entries("conv3_3", [0, 5], 24, lambda case: 2e-2,
                                            ("objective mean, sgd", "optimizer momentum", "all regularizers"))]}
    (FOLDER / "index.json").write_text(json.dumps(index, indent=1) + "\n")
    print(sum(f.stat().st_size for f in FOLDER.rglob("*") if f.is_file()) // 1000, "KB")


if __name__ == "__main__":
    main()
