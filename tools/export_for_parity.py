#!/usr/bin/env python3
"""Exports torchvision networks to ONNX with Debian's PyTorch.

    apt-get install --no-install-recommends python3-torch python3-torchvision python3-onnx
    /usr/bin/python3 tools/export_for_parity.py -o DIR                         random weights, the six default networks
    /usr/bin/python3 tools/export_for_parity.py -o DIR vgg16 --smooth          no kinks: every ReLU a Softplus, every max an average
    /usr/bin/python3 tools/export_for_parity.py -o DIR vgg16 --weights vgg16-397923af.pth      the real network

Any torchvision classifier, segmentation network or detector works. A file is named NETWORK.onnx or NETWORK.smooth.onnx,
its input is `input` [batch,3,224,224] (or the size of torchvision_zoo.py; RGB, 0..1, ImageNet mean and std when the
weights are real), its first output `logits`: [batch,1000] of a classifier.
"""
import argparse
import pathlib

import torch

import torchvision_networks
from torchvision_zoo import network_of

DEFAULT_NAMES = ["alexnet", "vgg16", "googlenet", "resnet18", "squeezenet1_1", "mobilenet_v2"]


def export(model, shape, path, opset=17, open_axes=("batch",), **options):
    """
    `shape` is the input's without the batch. The axes named in `open_axes` (batch, height, width) may have any size.
    `options` are torch.onnx.export's; without them batch norms behind convolutions are folded. Further outputs of the
    network are called extra1, extra2 and so on.
    """
    # An input that asks for a gradient keeps attention away from a fused operator that no opset knows.
    example = torch.zeros(1, *shape).requires_grad_()
    with torch.no_grad():
        outputs = model(example)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    names = ["logits", *(f"extra{i}" for i in range(1, len(outputs)))]
    dynamic = {name: dynamic_axes(tensor, open_axes) for name, tensor in [("input", example), *zip(names, outputs)]}
    torch.onnx.export(model, example, str(path), input_names=["input"], output_names=names, opset_version=opset,
                      dynamic_axes={name: axes for name, axes in dynamic.items() if axes}, **options)


def dynamic_axes(tensor, open_axes):
    axes = {"batch": 0}
    if tensor.dim() >= 4:
        axes.update(height=tensor.dim() - 2, width=tensor.dim() - 1)
    elif tensor.dim() == 3 and "height" in open_axes:
        return {0: "batch", 2: "positions"}
    return {axes[name]: name for name in open_axes if name in axes}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=DEFAULT_NAMES)
    parser.add_argument("-o", "--out", type=pathlib.Path, required=True, help="folder for the .onnx files")
    parser.add_argument("--smooth", action="store_true")
    parser.add_argument("--weights", help="a .pth of torchvision's; needs exactly one network")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--opset", type=int, default=17)
    parser.add_argument("--fixed-batch", action="store_true", help="batch size 1 instead of any")
    options = parser.parse_args()
    if options.weights and len(options.networks) != 1:
        parser.error("--weights needs exactly one network")
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.networks:
        model = torchvision_networks.build(name, options.smooth, options.seed, options.weights)
        path = options.out / (name + (".smooth.onnx" if options.smooth else ".onnx"))
        export(model, network_of(name).input_shape(1)[1:], path, options.opset, () if options.fixed_batch else ("batch",))
        print(path)


if __name__ == "__main__":
    main()
