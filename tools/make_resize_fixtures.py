#!/usr/bin/env python3
"""Pillow's own resizes of a small piece of chelsea.png, for OnnxViz to agree with. Usage, from the repository root:
make_resize_fixtures.py chelsea.png. Debian: apt-get install python3-pil python3-numpy.
Writes tests/OnnxViz.Tests/Fixtures/imaging/resize: source.png, WxH-FILTER.png, and for maps of floats map.f32 (12 wide, 9 high)
with map-WxH-FILTER.f32, little-endian.
"""
import pathlib
import sys

import numpy as np
from PIL import Image

OUT = pathlib.Path("tests/OnnxViz.Tests/Fixtures/imaging/resize")
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
OUT.mkdir(parents=True, exist_ok=True)
source = Image.open(sys.argv[1]).convert("RGB").crop((120, 70, 197, 121))
source.save(OUT / "source.png")
values = np.random.RandomState(0).randn(9, 12).astype("<f4")
values.tofile(OUT / "map.f32")
for name, kind in FILTERS.items():
    # Smaller, a little smaller, larger, one side only, mixed, a single pixel.
    for size in ((20, 13), (70, 50), (101, 77), (77, 20), (30, 51), (13, 80), (1, 1)):
        source.resize(size, kind).save(OUT / f"{size[0]}x{size[1]}-{name}.png")
    for size in ((5, 4), (40, 30), (12, 20), (7, 25)):
        resized = np.asarray(Image.fromarray(values, "F").resize(size, kind))
        resized.astype("<f4").tofile(OUT / f"map-{size[0]}x{size[1]}-{name}.f32")
