"""Networks without kinks, in which rounding cannot flip a gradient. A library of the other scripts."""
import contextlib

import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F


class SmoothNetwork(nn.Module):
    """
    The network with every ReLU and ReLU6 a Softplus, every max pool an average pool of its geometry, every Hardswish
    a SiLU and every Hardsigmoid a Sigmoid, as modules and as functions alike: torchvision's modules call
    torch.nn.functional by its name, and here that name means something else while the network runs.
    """

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        with smooth_functions():
            return self.network(x)


@contextlib.contextmanager
def smooth_functions():
    plain = {name: getattr(F, name) for name in SMOOTH}
    try:
        for name, function in SMOOTH.items():
            setattr(F, name, function)
        yield
    finally:
        for name, function in plain.items():
            setattr(F, name, function)


def average_pool(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    if return_indices or dilation not in (1, (1, 1)):
        raise ValueError("a max pool with dilation or indices has no average pool of the same geometry")
    return F.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, False)


def clipped_at_6(input, min_val=-1.0, max_val=1.0, inplace=False):
    """nn.ReLU6 is a Hardtanh."""
    if (min_val, max_val) != (0.0, 6.0):
        raise ValueError(f"no smooth function stands for hardtanh from {min_val} to {max_val}")
    return F.softplus(input)


def kinks(path):
    """The operators of an .onnx file, exported from a smooth network, that are not smooth: there should be none."""
    nodes = onnx.load(str(path), load_external_data=False).graph.node
    # A Clip without an upper bound keeps a norm from being zero.
    rectifiers = {node.op_type for node in nodes if node.op_type != "Clip" or (len(node.input) > 2 and node.input[2])}
    return sorted(rectifiers & {"Relu", "Clip", "MaxPool", "HardSwish", "HardSigmoid", "LeakyRelu"})


SMOOTH = {
    "relu": lambda input, inplace=False: F.softplus(input),
    "hardtanh": clipped_at_6,
    "hardswish": lambda input, inplace=False: F.silu(input),
    "hardsigmoid": lambda input, inplace=False: torch.sigmoid(input),
    "max_pool2d": average_pool,
}
