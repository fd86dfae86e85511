#!/usr/bin/env python3
"""Makes tests/OnnxViz.Tests/Fixtures/imaging/read: small pictures of every format and kind that ImageFile reads or refuses.

NAME           the file
NAME.ppm       its pixels: of a PNG the samples it was written from, of others what Pillow reads, upright, without alpha
refused/NAME   a file that has to be refused
../texts.png   a PNG with text chunks of every kind

Needs Pillow, pypng and libjpeg-turbo's cjpeg (Debian: python3-pil python3-png libjpeg-turbo-progs). Run it from anywhere; the
output is the same each time for the same versions (the committed files: Pillow 9.4.0, libjpeg-turbo 2.1.5, libwebp 1.2.4).
"""
import io
import pathlib
import random
import struct
import subprocess
import tempfile

import png
from PIL import Image, ImageDraw, ImageOps, PngImagePlugin

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests/OnnxViz.Tests/Fixtures/imaging/read"
LONG, SHORT = 4, 3


def picture(width, height, seed=0):
    """Slopes, hard edges in saturated colours and some noise: what shows every rounding and every clamp."""
    rng = random.Random(seed)
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            image.putpixel((x, y), (255 * x // width, 255 * y // height, (x * y * 3) % 256))
    draw = ImageDraw.Draw(image)
    for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)):
        x, y = rng.randrange(width), rng.randrange(height)
        draw.ellipse((x - width // 6, y - height // 6, x + width // 6, y + height // 6), fill=colour)
    for _ in range(width * height // 8):
        image.putpixel((rng.randrange(width), rng.randrange(height)), tuple(rng.randrange(256) for _ in range(3)))
    return image


def cjpeg(image, *options, scans=None):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "in.ppm")
        image.save(source)
        if scans is not None:
            script = pathlib.Path(folder, "scans")
            script.write_text(scans)
            options += ("-scans", str(script))
        return subprocess.run(["cjpeg", *options, str(source)], check=True, capture_output=True).stdout


def saved(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def segments(data):
    """(offset, marker, length) of every segment up to the first scan."""
    position = 2
    while True:
        length = struct.unpack(">H", data[position + 2:position + 4])[0]
        yield position, data[position + 1], length + 2
        if data[position + 1] == 0xDA:
            return
        position += length + 2


def patched(data, marker, index, value):
    """The file with one byte of a segment changed; index 0 is the marker's second byte."""
    offset = next(found for found in segments(data) if found[1] == marker)[0]
    changed = bytearray(data)
    changed[offset + 1 + index] = value
    return bytes(changed)


def exif(orientation, order, kind=SHORT):
    entries = [(0x010F, 2, 4, b"abc\0"),
               (0x0112, kind, 1, struct.pack(order + "HH", orientation, 0) if kind == SHORT else struct.pack(order + "I", orientation))]
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    body = struct.pack(order + "H", len(entries))
    for tag, what, count, value in entries:
        body += struct.pack(order + "HHI", tag, what, count) + value
    return b"Exif\0\0" + head + body + struct.pack(order + "I", 0)


def oriented(data, content):
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + data[2:]


def jpegs():
    base, small = picture(35, 19), cjpeg(picture(19, 11), "-quality", "80")
    for sampling in ("1x1", "2x1", "1x2", "2x2", "4x1"):
        yield f"sampled-{sampling}.jpg", cjpeg(base, "-quality", "85", "-sample", sampling)
    for width, height in ((1, 1), (17, 33)):
        yield f"size-{width}x{height}.jpg", cjpeg(picture(width, height), "-quality", "80", "-sample", "2x2")
    yield "gray.jpg", cjpeg(base, "-grayscale")
    yield "rgb.jpg", cjpeg(base, "-rgb")
    yield "restarts.jpg", cjpeg(base, "-restart", "1B")
    yield "scans-separate.jpg", cjpeg(base, "-sample", "2x2", scans="0;\n1;\n2;\n")
    for sampling in ("1x1", "2x2"):
        yield f"progressive-{sampling}.jpg", cjpeg(base, "-progressive", "-quality", "90", "-sample", sampling)
    cmyk = saved(Image.merge("CMYK", [picture(35, 19, seed).convert("L") for seed in range(4)]), "JPEG", quality=90)
    yield "cmyk.jpg", cmyk
    yield "ycck.jpg", patched(cmyk, 0xEE, 14, 2)
    for orientation in range(1, 9):
        yield f"orientation-{orientation}.jpg", oriented(small, exif(orientation, "<>"[orientation % 2]))
    yield "orientation-9.jpg", oriented(small, exif(9, "<"))
    yield "orientation-6-long.jpg", oriented(small, exif(6, "<", LONG))
    yield "orientation-8-long.jpg", oriented(small, exif(8, ">", LONG))
    yield "orientation-cut-off.jpg", oriented(small, exif(6, "<")[:24])
    yield "bytes-after-end.jpg", small + b"more than a picture\xff\xd8\xff"


def others():
    base = picture(35, 19)
    alpha = base.copy()
    alpha.putalpha(picture(35, 19, 1).convert("L"))
    yield "lossy.webp", saved(base, "WEBP", quality=80)
    yield "lossless.webp", saved(base, "WEBP", lossless=True)
    yield "alpha.webp", saved(alpha, "WEBP", lossless=True, exact=True)
    yield "animated.webp", saved(base, "WEBP", lossless=True, save_all=True, append_images=[picture(35, 19, 2)])
    yield "orientation-6.webp", saved(base, "WEBP", lossless=True, exif=exif(6, "<"))
    yield "rgb.bmp", saved(base, "BMP")
    yield "gray.bmp", saved(base.convert("L"), "BMP")
    yield "palette.bmp", saved(base.quantize(16), "BMP")
    yield "bits.bmp", saved(base.convert("1"), "BMP")
    palette = base.quantize(32)
    yield "palette.gif", saved(palette, "GIF", interlace=0)
    yield "interlaced.gif", saved(palette, "GIF", interlace=1)
    yield "animated.gif", saved(palette, "GIF", save_all=True, append_images=[picture(35, 19, 2).quantize(32)])


# Odd sizes, so that the last byte of a row is part empty and Adam7's passes are ragged.
W, H = 19, 13
CHANNELS = {"gray": 1, "palette": 1, "rgb": 3, "grayalpha": 2, "rgba": 4}
PNGS = [("gray", 1), ("gray", 2), ("gray", 8), ("gray", 16), ("palette", 1), ("palette", 4), ("palette", 8), ("rgb", 8), ("rgb", 16),
        ("grayalpha", 8), ("rgba", 8), ("rgba", 16)]


def to_rgb(kind, depth, sample, palette):
    if kind == "palette":
        return palette[sample[0]][:3]
    eight = [v >> 8 if depth == 16 else v * 255 // ((1 << depth) - 1) for v in sample]
    return eight[:3] if kind in ("rgb", "rgba") else [eight[0]] * 3


def pngs():
    """(name, file, the RGB samples it holds)."""
    rng = random.Random(0)
    for kind, depth in PNGS:
        n = CHANNELS[kind]
        # With tRNS on every palette and on some others: it must change nothing.
        palette = [tuple(rng.randrange(256) for _ in range(4)) for _ in range(1 << depth)] if kind == "palette" else None
        rows = [[rng.randrange(1 << depth) for _ in range(W * n)] for _ in range(H)]
        samples = bytes(v for row in rows for x in range(W) for v in to_rgb(kind, depth, row[x * n:(x + 1) * n], palette))
        for interlace in (False, True) if depth in (1, 8) else (False,):
            options = dict(width=W, height=H, bitdepth=depth, interlace=interlace, gamma=0.3)
            if palette:
                options["palette"] = palette
            else:
                options.update(greyscale=kind.startswith("gray"), alpha=kind.endswith("a"))
                if kind in ("gray", "rgb"):
                    options["transparent"] = rows[0][0] if kind == "gray" else tuple(rows[0][:3])
            stream = io.BytesIO()
            png.Writer(**options).write(stream, rows)
            yield f"{kind}{depth}{'-adam7' if interlace else ''}.png", stream.getvalue(), (W, H, samples)
    for size in (1, 2, 3, 5):  # passes without any pixel
        rows = [[(37 * x + 91 * y) % 256 for x in range(size * 3)] for y in range(size)]
        stream = io.BytesIO()
        png.Writer(size, size, greyscale=False, interlace=True).write(stream, rows)
        yield f"tiny{size}-adam7.png", stream.getvalue(), (size, size, bytes(v for row in rows for v in row))
    for name, value in (("6", exif(6, "<")), ("8-long", exif(8, ">", LONG))):
        data = saved(picture(19, 11), "PNG", exif=value)
        turned = upright(data)
        yield f"orientation-{name}.png", data, (*turned.size, turned.tobytes())


def refused():
    base = cjpeg(picture(16, 16))
    yield "lossless.jpg", patched(base, 0xC0, 0, 0xC3)
    yield "12-bit.jpg", patched(base, 0xC0, 3, 12)
    yield "width-0.jpg", patched(patched(base, 0xC0, 6, 0), 0xC0, 7, 0)
    yield "huge.jpg", patched(patched(base, 0xC0, 4, 0xEA), 0xC0, 6, 0xEA)
    yield "large-claim.jpg", patched(patched(base, 0xC0, 4, 0x30), 0xC0, 6, 0x30)
    yield "no-huffman.jpg", patched(base, 0xDA, 5, 0x22)
    yield "icon.ico", saved(picture(16, 16), "ICO", sizes=[(16, 16)])


def upright(data):
    with Image.open(io.BytesIO(data)) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def write(name, data, width, height, samples):
    (OUT / name).write_bytes(data)
    (OUT / f"{name}.ppm").write_bytes(f"P6\n{width} {height}\n255\n".encode() + samples)


def texts():
    info = PngImagePlugin.PngInfo()
    info.add_text("onnxviz", "{\"verb\": \"maximize\"}")
    info.add_text("Comment", "caf\u00e9 " * 40, zip=True)
    info.add_itxt("Title", "\u03b1 \u4e2d \u2192", lang="en", tkey="T")
    info.add_itxt("Long", "\u03b2" * 200, zip=True)
    Image.new("RGB", (2, 2), (1, 2, 3)).save(OUT.parent / "texts.png", pnginfo=info)


def main():
    (OUT / "refused").mkdir(parents=True, exist_ok=True)
    for old in OUT.rglob("*.*"):
        old.unlink()
    for name, data, (width, height, samples) in pngs():
        write(name, data, width, height, samples)
    for name, data in [*jpegs(), *others()]:
        image = upright(data)
        write(name, data, *image.size, image.tobytes())
    for name, data in refused():
        (OUT / "refused" / name).write_bytes(data)
    texts()


if __name__ == "__main__":
    main()
