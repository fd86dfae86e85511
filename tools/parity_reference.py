"""A network's .onnx file together with PyTorch's logits and input gradients for it. A library of the parity scripts."""
import copy
import dataclasses
import time

import numpy as np
import torch

import torchvision_networks
from export_for_parity import export
from grouped_convolution import fast_grouped_convolutions
from smooth_network import kinks
from torchvision_zoo import network_of

INPUTS = 5

UNITS = {"detection": 1}
CLASS = 7


def explained_unit(kind):
    """The class explained, or of a detector the second anchor, or the second class: all have these."""
    return UNITS.get(kind, CLASS)


@dataclasses.dataclass
class Answers:
    """Of the first output [N,K] or [N,K,...]: itself, and the gradient of its unit's mean, shaped as the input."""

    logits: np.ndarray
    gradient: np.ndarray
    seconds: float


def answers(model, inputs, unit, dtype):
    """Row by row, so that float64 VGG-16 needs little memory."""
    model = copy.deepcopy(model).to(dtype)
    start = time.perf_counter()
    logits, gradients = [], []
    for row in inputs:
        x = torch.from_numpy(row[None]).to(dtype).requires_grad_()
        outputs = model(x)
        scores = outputs[0] if isinstance(outputs, tuple) else outputs
        scores[0, unit].mean().backward()
        logits.append(scores.detach().numpy()[0])
        gradients.append(x.grad.numpy()[0])
    return Answers(np.stack(logits), np.stack(gradients), time.perf_counter() - start)


class Case:
    """One network, as it stands or smooth, with its files in the work folder."""

    def __init__(self, name, smooth, work):
        self.name, self.smooth = name, smooth
        self.kind = torchvision_networks.kind_of(name)
        self.network = network_of(name)
        self.label = name + (" smooth" if smooth else "")
        self.path = work / (name + (".smooth.onnx" if smooth else ".onnx"))
        self.reference_path = self.path.with_suffix(".reference.npz")
        self.input_path = self.path.with_suffix(".input.npy")

    @property
    def files(self):
        return self.path, self.reference_path, self.input_path

    def reference(self, fresh=False):
        """Files and answers are made together, so that they share their weights."""
        if fresh or not all(file.exists() for file in self.files):
            self.make()
        return np.load(self.reference_path)

    def make(self):
        model = torchvision_networks.build(self.name, self.smooth)
        export(model, self.network.input_shape(1)[1:], self.path)
        if self.smooth and kinks(self.path):
            raise RuntimeError(f"the smooth network is left with {', '.join(kinks(self.path))}")
        inputs = np.random.default_rng(1).standard_normal(self.network.input_shape(INPUTS)).astype(np.float32)
        with fast_grouped_convolutions():
            exact = answers(model, inputs, explained_unit(self.kind), torch.float64)
        rounded = answers(model, inputs, explained_unit(self.kind), torch.float32)
        np.save(self.input_path, inputs)
        np.savez(self.reference_path, logits64=exact.logits, gradient64=exact.gradient, logits32=rounded.logits,
                 gradient32=rounded.gradient, seconds=rounded.seconds)

    def remove(self):
        for file in self.files:
            file.unlink(missing_ok=True)

    def command_of_logits(self):
        return ["predict"] if self.kind == "classification" else ["activations", "--layer", "logits"]

    def command_of_gradient(self):
        of = ["--layer", "logits", "--unit"] if self.kind == "detection" else ["--class"]
        return ["saliency", "--method", "gradient", *of, explained_unit(self.kind)]
