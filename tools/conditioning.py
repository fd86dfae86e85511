#!/usr/bin/env python3
"""How far rounding the picture to float32 moves a random network's answers, everything else in float64.

    /usr/bin/python3 tools/conditioning.py efficientnet_b0 efficientnet_b4 efficientnet_v2_m

Some deep networks with random weights are chaotic: where this says 1e-3, no float32 gradient can be better than that,
and two good ones may differ by many times as much (see bench/parity.md).
"""
import argparse

import torch

import torchvision_networks

CLASS = 7
ROUNDING = 2.0 ** -24


def answers(model, x):
    x = x.clone().requires_grad_()
    logits = model(x)
    logits[0, CLASS].backward()
    return logits.detach(), x.grad


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="+")
    parser.add_argument("--size", type=int, default=128)
    options = parser.parse_args()
    for name in options.networks:
        model = torchvision_networks.build(name).double()
        torch.manual_seed(1)
        x = torch.randn(1, 3, options.size, options.size).double()
        logits, gradient = answers(model, x)
        moved_logits, moved_gradient = answers(model, x * (1 + ROUNDING * torch.randn_like(x)))
        print(f"{name}: picture {ROUNDING:.1e}, logits {(moved_logits - logits).norm() / logits.norm():.1e}, "
              f"gradient {(moved_gradient - gradient).norm() / gradient.norm():.1e}", flush=True)


if __name__ == "__main__":
    main()
