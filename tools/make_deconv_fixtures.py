#!/usr/bin/env python3
"""Writes tests/OnnxViz.Tests/Fixtures/deconv: what Zeiler and Fergus's deconvnet makes of tiny networks.

    /usr/bin/python3 tools/make_deconv_fixtures.py         needs python3-torch and -onnx

The deconvnet is built layer by layer as the paper has it, without automatic differentiation: unpooling by recorded
switches (checked against torch.nn.MaxUnpool2d where windows do not overlap), ReLU, transposed filters, no biases.
For every network NAME.onnx there are NAME.input.npy [1, C, H, W], NAME.units.npy [K], and what comes out for them:
NAME.peaks.npy [K, 3] (strongest activation, row, column), NAME.single.npy and NAME.whole.npy [K, C, H, W].
"""
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "tests/OnnxViz.Tests/Fixtures/deconv"

NETWORKS = {
    # plain: as in VGG
    "plain": ((3, 16, 20), lambda: [
        nn.Conv2d(3, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]),
    # overlapping windows and a stride, as in AlexNet and the paper's own network
    "overlapping": ((3, 27, 23), lambda: [
        nn.Conv2d(3, 5, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(5, 7, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 1)]),
    # padded windows, as in ResNet
    "padded": ((3, 21, 22), lambda: [
        nn.Conv2d(3, 5, 7, stride=2, padding=3), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1), nn.Conv2d(5, 6, 3, padding=1), nn.ReLU()]),
    # windows over the edge, as in GoogLeNet and SqueezeNet, on one colour
    "ceil": ((1, 18, 19), lambda: [
        nn.Conv2d(1, 5, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Conv2d(5, 6, 3, groups=1), nn.ReLU(),
        nn.MaxPool2d(2, 2, ceil_mode=True)]),
    # positive and negative results: no ReLU at the end, a pool directly behind a convolution
    "linear": ((3, 14, 14), lambda: [nn.Conv2d(3, 4, 3), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(4, 5, 3)]),
}


def forward(layers, x):
    """The activation, and for each layer what its inverse has to know."""
    records = []
    for layer in layers:
        if isinstance(layer, nn.MaxPool2d):
            record = x.shape
            x, switches = F.max_pool2d(x, layer.kernel_size, layer.stride, layer.padding, ceil_mode=layer.ceil_mode, return_indices=True)
            records.append((record, switches))
        else:
            records.append(x.shape)
            x = layer(x)
    return x, records


def unpool(x, shape, switches, layer):
    """Everything goes to where its maximum was; what meets there adds up."""
    result = torch.zeros(shape[0], shape[1], shape[2] * shape[3], dtype=x.dtype)
    result.scatter_add_(2, switches.flatten(2), x.flatten(2))
    result = result.reshape(shape)
    if layer.kernel_size == layer.stride and not layer.padding:
        assert torch.equal(result, nn.MaxUnpool2d(layer.kernel_size, layer.stride)(x, switches, output_size=shape))
    return result


def deconvnet(layers, records, x):
    for layer, record in zip(reversed(layers), reversed(records)):
        if isinstance(layer, nn.MaxPool2d):
            x = unpool(x, record[0], record[1], layer)
        elif isinstance(layer, nn.ReLU):
            x = x.clamp(min=0)
        else:
            stride, padding, kernel = layer.stride, layer.padding, layer.kernel_size
            rest = [record[i + 2] - ((x.shape[i + 2] - 1) * stride[i] - 2 * padding[i] + kernel[i]) for i in (0, 1)]
            x = F.conv_transpose2d(x, layer.weight, None, stride, padding, rest)
    return x


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for seed, (name, (shape, make)) in enumerate(NETWORKS.items()):
        torch.manual_seed(seed)
        layers = make()
        network = nn.Sequential(*layers).eval()
        x = torch.randn(1, *shape)
        torch.onnx.export(network, x, FOLDER / f"{name}.onnx", opset_version=13, input_names=["image"], output_names=["out"],
                          dynamic_axes={"image": {0: "n"}})
        network.double()
        with torch.no_grad():
            activation, records = forward(layers, x.double())
            units = [activation.shape[1] - 1, 0, 2]
            peaks, single, whole = [], [], []
            for unit in units:
                mine = torch.zeros_like(activation)
                mine[0, unit] = activation[0, unit]
                whole.append(deconvnet(layers, records, mine))
                row, column = divmod(int(activation[0, unit].argmax()), activation.shape[3])
                alone = torch.zeros_like(activation)
                alone[0, unit, row, column] = activation[0, unit, row, column]
                single.append(deconvnet(layers, records, alone))
                peaks.append([float(activation[0, unit, row, column]), row, column])
        results = {"input": x, "units": units, "peaks": peaks, "single": torch.cat(single), "whole": torch.cat(whole)}
        for kind, array in results.items():
            np.save(FOLDER / f"{name}.{kind}.npy", np.asarray(array, dtype=np.float32))


if __name__ == "__main__":
    main()
