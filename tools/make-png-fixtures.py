#!/usr/bin/env python3
"""PNG files that OnnxViz did not write, and the pixels it must read from them.

Debian: apt-get install python3-png python3-pil imagemagick. Run from the repository root; rewrites
tests/OnnxViz.Tests/Fixtures/imaging/png. pypng writes every colour type, depth and interlace; ImageMagick (libpng) adds row
filters and texts. `NAME.rgb` holds height * width * 3 expected bytes, derived from the samples, not from any decoder.
"""
import io
import pathlib
import random
import subprocess
import png
from PIL import Image, PngImagePlugin

OUT = pathlib.Path("tests/OnnxViz.Tests/Fixtures/imaging/png")
W, H = 19, 13  # odd, so that the last byte of a row is part empty and Adam7 passes are ragged
KINDS = [("gray", d) for d in (1, 2, 4, 8, 16)] + [("palette", d) for d in (1, 2, 4, 8)] \
    + [(c, d) for c in ("rgb", "grayalpha", "rgba") for d in (8, 16)]
CHANNELS = {"gray": 1, "palette": 1, "rgb": 3, "grayalpha": 2, "rgba": 4}


def to_rgb(kind, depth, sample, palette):
    if kind == "palette":
        return palette[sample[0]][:3]
    eight = [v >> 8 if depth == 16 else v * 255 // ((1 << depth) - 1) for v in sample]
    return eight[:3] if kind in ("rgb", "rgba") else [eight[0]] * 3


def all_kinds():
    rng = random.Random(0)
    for kind, depth in KINDS:
        n = CHANNELS[kind]
        # With tRNS on every palette and on some others: it must change nothing.
        palette = [tuple(rng.randrange(256) for _ in range(4)) for _ in range(1 << depth)] if kind == "palette" else None
        rows = [[rng.randrange(1 << depth) for _ in range(W * n)] for _ in range(H)]
        expected = bytes(v for row in rows for x in range(W) for v in to_rgb(kind, depth, row[x * n:(x + 1) * n], palette))
        (OUT / f"{kind}{depth}.rgb").write_bytes(expected)
        for interlace in (False, True):
            options = dict(width=W, height=H, bitdepth=depth, interlace=interlace, gamma=0.3)
            if palette:
                options["palette"] = palette
            else:
                options.update(greyscale=kind.startswith("gray"), alpha=kind.endswith("a") or kind == "grayalpha")
                if kind in ("gray", "rgb"):
                    options["transparent"] = rows[0][0] if kind == "gray" else tuple(rows[0][:3])
            with open(OUT / f"{kind}{depth}{'-adam7' if interlace else ''}.png", "wb") as f:
                png.Writer(**options).write(f, rows)


def tiny_interlaced():
    """1x1 to 8x8: passes without any pixel."""
    for size in (1, 2, 3, 5):
        rows = [[(37 * x + 91 * y) % 256 for x in range(size * 3)] for y in range(size)]
        with open(OUT / f"tiny{size}-adam7.png", "wb") as f:
            png.Writer(size, size, greyscale=False, interlace=True).write(f, rows)
        (OUT / f"tiny{size}-adam7.rgb").write_bytes(bytes(v for row in rows for v in row))


def filters():
    """libpng with each row filter, plain and interlaced."""
    source = gradient()
    (OUT / "filters.rgb").write_bytes(source.tobytes())
    ppm = io.BytesIO()
    source.save(ppm, "PPM")
    for interlace in ("None", "PNG"):
        for name in range(6):
            target = OUT / f"filter{name}{'-adam7' if interlace == 'PNG' else ''}.png"
            subprocess.run(["convert", "-", "-strip", "-interlace", interlace, "-define",
                            f"png:compression-filter={name}", "-define", "png:exclude-chunks=all", f"PNG24:{target}"], input=ppm.getvalue(), check=True)


def gradient():
    image = Image.new("RGB", (33, 21))
    image.putdata([((7 * x + 3 * y) % 256, (x * y) % 256, (255 - 5 * x + y * y) % 256) for y in range(21) for x in range(33)])
    return image


def texts():
    info = PngImagePlugin.PngInfo()
    info.add_text("onnxviz", "{\"verb\": \"maximize\"}")
    info.add_text("Comment", "caf\u00e9 " * 40, zip=True)
    info.add_itxt("Title", "\u03b1 \u4e2d \u2192", lang="en", tkey="T")
    info.add_itxt("Long", "\u03b2" * 200, zip=True)
    Image.new("RGB", (2, 2), (1, 2, 3)).save(OUT / "texts.png", pnginfo=info)


OUT.mkdir(parents=True, exist_ok=True)
for old in OUT.iterdir():
    old.unlink()
all_kinds()
tiny_interlaced()
filters()
texts()
