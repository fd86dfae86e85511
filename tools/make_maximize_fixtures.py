"""What PyTorch and NumPy say about the parts of maximize: NAdam, MACO's picture, the Laplacian pyramid.

Writes tests/OnnxViz.Tests/Fixtures/maximize/*.npy. The inputs are patterns of integers that the tests compute too.
Needs numpy and torch (1.13): python3 tools/make_maximize_fixtures.py
"""
import pathlib

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).parent.parent / "tests/OnnxViz.Tests/Fixtures/maximize"
COLORS = np.array([[0.562829, 0.194825, 0.043295], [0.584476, 0, -0.108236], [0.584476, -0.194825, 0.064942]])


def pattern(count):
    """Integers from -128 to 127 without an order, over 64."""
    i = np.arange(count, dtype=np.int64)
    return ((37 * i + 5 * i * i) % 256 - 128) / 64


def rgb(planes):
    return 1 / (1 + np.exp(-np.einsum("rc,chw->rhw", COLORS, planes)))


def nadam(lr=0.1, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.004):
    """Twenty steps down sum (x - i)^4 / 4, by the algorithm in torch.optim.NAdam's documentation.

    PyTorch 1.10 to 1.13 multiply the product of the momentum factors once too often; PyTorch 2 does not, and is compared.
    """
    x, m, v, product = pattern(8), 0, 0, 1
    reference = torch.tensor(x, requires_grad=True)
    optimizer = torch.optim.NAdam([reference], lr=lr)
    steps = []
    for t in range(1, 21):
        g = (x - np.arange(8)) ** 3
        mu, after = (beta1 * (1 - 0.5 * 0.96 ** (i * decay)) for i in (t, t + 1))
        product *= mu
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        step = after * m / (1 - product * after) + (1 - mu) * g / (1 - product)
        x = x - lr * step / (np.sqrt(v / (1 - beta2 ** t)) + eps)
        steps.append(x)
        optimizer.zero_grad()
        (((reference - torch.arange(8)) ** 4).sum() / 4).backward()
        optimizer.step()
        assert torch.__version__ < "2" or np.allclose(x, reference.detach().numpy(), rtol=1e-9)
    return np.array(steps)


def maco(height, width):
    """The picture of phases under a template of the same size (xplique: maco_image_parametrization, phases spread over the circle)."""
    half = width // 2 + 1
    phase = pattern(3 * height * half).reshape(3, height, half)
    magnitude = np.abs(pattern(3 * height * half)[::-1].reshape(3, height, half)) + 0.1
    phase = (phase - phase.mean()) / (phase.std() + 1e-5) * np.pi / np.sqrt(3)
    planes = np.fft.irfft2(magnitude * np.exp(1j * phase), (height, width)) * height * width
    return rgb((planes - planes.mean()) / (planes.std() + 1e-5))


def laplacian(height, width, levels):
    """The sum of the levels, each enlarged bilinearly."""
    sizes = [(height >> n, width >> n) for n in range(levels)]
    values = torch.tensor(pattern(3 * sum(h * w for h, w in sizes)).reshape(3, -1))
    total, start = 0, 0
    for h, w in sizes:
        level = values[:, start:start + h * w].reshape(1, 3, h, w)
        total = total + torch.nn.functional.interpolate(level, (height, width), mode="bilinear", align_corners=False)
        start += h * w
    return rgb(total[0].numpy())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, array in {"nadam": nadam(), "maco-even": maco(6, 8), "maco-odd": maco(7, 5), "laplacian": laplacian(32, 37, 2)}.items():
        np.save(FOLDER / f"{name}.npy", array.astype(np.float32))
