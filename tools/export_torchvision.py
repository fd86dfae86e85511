#!/usr/bin/env python3
"""Exports torchvision classifiers to ONNX with Debian's PyTorch.

    apt-get install --no-install-recommends python3-torch python3-torchvision python3-onnx
    /usr/bin/python3 tools/export_torchvision.py -o DIR                         random weights, the six default networks
    /usr/bin/python3 tools/export_torchvision.py -o DIR vgg16 --smooth          every ReLU a Softplus, every max an average
    /usr/bin/python3 tools/export_torchvision.py -o DIR vgg16 --weights vgg16-397923af.pth      the real network

Any torchvision classifier works. A file is named NETWORK.onnx or NETWORK.smooth.onnx, its input is `input`
[batch,3,224,224] (RGB, 0..1, ImageNet mean and std when the weights are real), its output `logits` [batch,1000].
"""
import argparse
import pathlib

import torch

import torchvision_networks


def export(model, size, path, opset=17, fixed_batch=False):
    """`size` is a side or (height, width). Writes the model as PyTorch's exporter does it in eval mode: batch norms behind convolutions are folded."""
    dynamic = {} if fixed_batch else {"input": {0: "batch"}, "logits": {0: "batch"}}
    height, width = (size, size) if isinstance(size, int) else size
    torch.onnx.export(model, torch.zeros(1, 3, height, width), str(path), input_names=["input"],
                      output_names=["logits"], opset_version=opset, dynamic_axes=dynamic)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=torchvision_networks.DEFAULT_NAMES)
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
        export(model, torchvision_networks.size_of(name), path, options.opset, options.fixed_batch)
        print(path)


if __name__ == "__main__":
    main()
