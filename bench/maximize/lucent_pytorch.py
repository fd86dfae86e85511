"""Lucent's loop (0.1.8, the PyTorch port of Lucid), written from its description: time of a step of several units of VGG-16's conv4_3.

    lucent_pytorch.py [--units 6] [--steps 6] [--threads 2] [--channels-last]

128 x 128 spectra with decorrelated colours; pad 12, jitter 8, scale 0.9 to 1.1, rotate -10 to 10 degrees, jitter 4; enlarged to 224;
Adam at 0.05; the mean of a unit's map. It takes 256 such steps. Random weights: they change no time. Prints JSON.
"""
import argparse
import json
import math
import random
import time

import torch
import torch.nn.functional as F
import torchvision

SIDE = 128
COLOURS = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]])


def picture(spectrum):
    frequencies = torch.sqrt(torch.fft.fftfreq(SIDE)[:, None] ** 2 + torch.fft.rfftfreq(SIDE)[None, :] ** 2)
    scale = 1 / frequencies.clamp(min=1 / SIDE)
    image = torch.fft.irfftn(torch.view_as_complex(spectrum) * scale, s=(SIDE, SIDE), norm="ortho") / 4
    colours = COLOURS / COLOURS.norm(dim=0).max()
    return torch.sigmoid(torch.einsum("nchw,dc->ndhw", image, colours))


def jitter(x, most):
    top, left = random.randrange(most + 1), random.randrange(most + 1)
    return x[:, :, top:x.shape[2] - most + top, left:x.shape[3] - most + left]


def transformed(x):
    x = jitter(F.pad(x, (12,) * 4, value=0.5), 8)
    x = F.interpolate(x, scale_factor=random.choice([1 + (i - 5) / 50 for i in range(11)]), mode="bilinear", align_corners=False, recompute_scale_factor=True)
    angle = math.radians(random.choice([*range(-10, 11), 0, 0, 0, 0, 0]))
    turn = torch.tensor([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0]]).repeat(len(x), 1, 1)
    x = jitter(F.grid_sample(x, F.affine_grid(turn, list(x.shape), align_corners=False), align_corners=False), 4)
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return F.interpolate((x - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1), size=(224, 224), mode="bilinear", align_corners=False)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--units", type=int, default=6)
    a.add_argument("--steps", type=int, default=6)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--channels-last", action="store_true")
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    form = torch.channels_last if a.channels_last else torch.contiguous_format
    net = torchvision.models.vgg16(weights=None).features[:22].eval().requires_grad_(False).to(memory_format=form)
    spectrum = (torch.randn(a.units, 3, SIDE, SIDE // 2 + 1, 2) * 0.01).requires_grad_(True)
    adam = torch.optim.Adam([spectrum], lr=0.05)
    times = []
    for _ in range(a.steps):
        start = time.perf_counter()
        adam.zero_grad()
        maps = net(transformed(picture(spectrum)).contiguous(memory_format=form))
        (-sum(maps[i, i].mean() for i in range(a.units))).backward()
        adam.step()
        times.append(time.perf_counter() - start)
    warm = sorted(times[1:] or times)
    print(json.dumps({"seconds_a_step": warm[len(warm) // 2], "torch": torch.__version__}))


if __name__ == "__main__":
    main()
