#!/usr/bin/env python3
"""Pairs of pictures that a snapshot test must tell apart or must not. Usage, from the repository root:
make_compare_fixtures.py chelsea.png lucent-vgg16.png. Debian: apt-get install python3-pil python3-skimage.
Writes tests/OnnxViz.Tests/Fixtures/imaging/compare and prints scikit-image's SSIM and PSNR of every pair with its original
(ImageComparisonTests holds these numbers).
"""
import io
import pathlib
import sys

import numpy as np
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

OUT = pathlib.Path("tests/OnnxViz.Tests/Fixtures/imaging/compare")
SIDE = 64
OUT.mkdir(parents=True, exist_ok=True)


def save(name, image, original=None):
    image.save(OUT / f"{name}.png")
    if original:
        a, b = np.asarray(original), np.asarray(image)
        ssim = structural_similarity(a, b, channel_axis=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255)
        print(f"{name}: SSIM {ssim:.6f} PSNR {peak_signal_noise_ratio(a, b):.4f}")
    return image


def family(name, source, x, y):
    """The picture, the same through a JPEG file, the same shifted by a pixel."""
    original = save(name, source.crop((x, y, x + SIDE, y + SIDE)))
    jpeg = io.BytesIO()
    original.save(jpeg, "JPEG", quality=90)
    save(f"{name}-jpeg90", Image.open(jpeg).convert("RGB"), original)
    save(f"{name}-shifted", source.crop((x + 1, y, x + 1 + SIDE, y + SIDE)), original)
    return original


family("cat", Image.open(sys.argv[1]).convert("RGB"), 140, 90)
# conv5_3 units 5 and 43, a tile of 128 pixels each, at half their size: neighbours.
units = Image.open(sys.argv[2]).convert("RGB")
half = units.resize((units.width // 2, units.height // 2), Image.Resampling.BICUBIC)
unit = family("unit", half, 0, 128)
save("neighbour", half.crop((64, 128, 64 + SIDE, 128 + SIDE)), unit)
