"""One Adam step on a network's input by PyTorch: forward, gradient by the input, update. Prints one JSON object.

    step_pytorch.py NETWORK LAYER BATCH STEPS [--side 224] [--channels-last] [--threads 2]

NETWORK is one of torchvision's with random weights: a step takes the same time whatever they are. LAYER is a module path, and the
objective of picture i is the mean of its map i, as in `onnxviz maximize --param tensor`. Weights need no gradient.
"""
import argparse
import json
import time

import torch
import torchvision


class Cut(Exception):
    pass


def main():
    a = argparse.ArgumentParser()
    a.add_argument("network")
    a.add_argument("layer")
    a.add_argument("batch", type=int)
    a.add_argument("steps", type=int)
    a.add_argument("--side", type=int, default=224)
    a.add_argument("--channels-last", action="store_true")
    a.add_argument("--threads", type=int, default=2)
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    options = {"aux_logits": False, "init_weights": False} if a.network == "googlenet" else {}
    if a.network == "efficientnet_lite0":
        from networks import efficientnet_lite0
        net = efficientnet_lite0()
    else:
        net = getattr(torchvision.models, a.network)(weights=None, **options)
    net = net.eval().requires_grad_(False)
    form = torch.channels_last if a.channels_last else torch.contiguous_format
    net = net.to(memory_format=form)
    seen = {}

    def hook(_, __, output):
        seen["map"] = output
        raise Cut

    net.get_submodule(a.layer).register_forward_hook(hook)
    x = ((torch.rand(a.batch, 3, a.side, a.side) - 0.5) * 0.2).to(memory_format=form).requires_grad_(True)
    adam = torch.optim.Adam([x], lr=0.05)
    times = []
    for _ in range(a.steps):
        start = time.perf_counter()
        adam.zero_grad(set_to_none=True)
        try:
            net(x)
        except Cut:
            pass
        maps = seen["map"]
        score = sum(maps[i, i].mean() for i in range(a.batch)) if maps.dim() > 2 else sum(maps[i, i] for i in range(a.batch))
        (-score).backward()
        adam.step()
        times.append((time.perf_counter() - start) * 1000)
    warm = sorted(times[min(3, len(times) - 1):])
    print(json.dumps({"first_ms": times[0], "median_ms": warm[len(warm) // 2], "min_ms": warm[0], "steps": len(times), "torch": torch.__version__}))


if __name__ == "__main__":
    main()
