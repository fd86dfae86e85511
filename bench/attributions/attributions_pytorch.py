"""Attributions of one class of EfficientNet-Lite0 by batched PyTorch loops, as a user would write them. Prints seconds by method, as JSON.

    attributions_pytorch.py [--batch 10] [--threads 2] [--channels-last] [METHOD ...]

The network is built beforehand, and one gradient is taken to warm up; neither is in the times. Random weights: they change no time.
"""
import argparse
import json
import pathlib
import sys
import time

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "steps"))
from networks import efficientnet_lite0  # noqa: E402

CLASS = 281


def gradients(net, x):
    x = x.detach().requires_grad_(True)
    net(x)[:, CLASS].sum().backward()
    return x.grad


def integrated_gradients(net, x, batch, steps=50):
    total = torch.zeros_like(x)
    alphas = (torch.arange(steps) + 0.5) / steps
    for part in alphas.split(batch):
        total += gradients(net, part.view(-1, 1, 1, 1) * x).sum(0, keepdim=True)
    return x * total / steps


def smoothgrad(net, x, batch, samples=25):
    total = torch.zeros_like(x)
    for n in torch.arange(samples).split(batch):
        total += gradients(net, x + 0.15 * torch.randn(len(n), *x.shape[1:])).sum(0, keepdim=True)
    return total / samples


def occlusion(net, x, batch, window=32, stride=16):
    places = [(top, left) for top in range(0, x.shape[2] - window + 1, stride) for left in range(0, x.shape[3] - window + 1, stride)]
    scores = []
    with torch.no_grad():
        whole = net(x)[0, CLASS]
        for i in range(0, len(places), batch):
            part = places[i:i + batch]
            pictures = x.repeat(len(part), 1, 1, 1)
            for picture, (top, left) in zip(pictures, part):
                picture[:, top:top + window, left:left + window] = 0
            scores.append(whole - net(pictures)[:, CLASS])
    return torch.cat(scores)


def masked(net, x, masks, batch):
    with torch.no_grad():
        return torch.cat([net(x * part)[:, CLASS] for part in masks.split(batch)])


def score_cam(net, x, batch):
    with torch.no_grad():
        maps = net.features(x)[0]
        weights = []
        for part in maps.split(batch):
            up = F.interpolate(part[:, None], size=x.shape[2:], mode="bilinear", align_corners=False)
            low, high = up.amin((2, 3), keepdim=True), up.amax((2, 3), keepdim=True)
            weights.append(net(x * (up - low) / (high - low + 1e-8))[:, CLASS])
        return (torch.cat(weights).softmax(0).view(-1, 1, 1) * maps).sum(0).relu()


def rise(net, x, batch, count=1000, cells=8):
    total = torch.zeros(x.shape[2:])
    side = x.shape[2] + x.shape[2] // cells
    with torch.no_grad():
        for n in torch.arange(count).split(batch):
            grid = (torch.rand(len(n), 1, cells + 1, cells + 1) < 0.5).float()
            masks = F.interpolate(grid, size=(side, side), mode="bilinear", align_corners=False)[:, :, :x.shape[2], :x.shape[3]]
            total += (net(x * masks)[:, CLASS].view(-1, 1, 1) * masks[:, 0]).sum(0)
    return total / count


METHODS = {"integrated-gradients": integrated_gradients, "smoothgrad": smoothgrad, "occlusion": occlusion, "score-cam": score_cam, "rise": rise}


def main():
    a = argparse.ArgumentParser()
    a.add_argument("methods", nargs="*", default=list(METHODS))
    a.add_argument("--batch", type=int, default=10)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--channels-last", action="store_true")
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    form = torch.channels_last if a.channels_last else torch.contiguous_format
    net = efficientnet_lite0().eval().requires_grad_(False).to(memory_format=form)
    x = torch.randn(1, 3, 224, 224).to(memory_format=form)
    gradients(net, x)
    seconds = {}
    for method in a.methods:
        start = time.perf_counter()
        METHODS[method](net, x, a.batch)
        seconds[method] = time.perf_counter() - start
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
