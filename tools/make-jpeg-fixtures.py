#!/usr/bin/env python3
"""Makes tests/OnnxViz.Tests/Fixtures/jpeg: small JPEG files of every kind that JpegReader reads or refuses.

NAME.jpg          the file
NAME.png          what Pillow (libjpeg-turbo: islow IDCT, fancy upsampling) makes of it, upright, as RGB
refused/NAME.jpg  a file that has to be refused

Needs Pillow and libjpeg-turbo's cjpeg (Debian: python3-pil, libjpeg-turbo-progs). Run it from anywhere; the output is
the same each time for the same versions (the committed files: Pillow 9.4.0, libjpeg-turbo 2.1.5).
"""
import io
import pathlib
import random
import struct
import subprocess
import tempfile

from PIL import Image, ImageDraw, ImageOps

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests/OnnxViz.Tests/Fixtures/jpeg"

PROGRESSIVE_SPLIT = """
0,1,2: 0-0, 0, 2;
0: 1-5, 0, 3;
1: 1-63, 0, 1;
2: 1-63, 0, 1;
0: 6-63, 0, 3;
0: 1-63, 3, 2;
0: 1-63, 2, 1;
0,1,2: 0-0, 2, 1;
0,1,2: 0-0, 1, 0;
1: 1-63, 1, 0;
2: 1-63, 1, 0;
0: 1-63, 1, 0;
"""


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


def pillow(image, **options):
    stream = io.BytesIO()
    image.save(stream, "JPEG", **options)
    return stream.getvalue()


def segment(marker, content):
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def segments(data):
    """(offset, marker, length) of every segment up to the first scan."""
    position = 2
    while True:
        length = struct.unpack(">H", data[position + 2:position + 4])[0]
        yield position, data[position + 1], length + 2
        if data[position + 1] == 0xDA:
            return
        position += length + 2


def without(data, marker):
    offset, _, length = next(found for found in segments(data) if found[1] == marker)
    return data[:offset] + data[offset + length:]


def patched(data, marker, index, value):
    """The file with one byte of a segment changed; index 0 is the marker's second byte."""
    offset = next(found for found in segments(data) if found[1] == marker)[0]
    changed = bytearray(data)
    changed[offset + 1 + index] = value
    return bytes(changed)


def exif(orientation, order):
    entries = [(0x010F, 2, 4, b"abc\0"), (0x0112, 3, 1, struct.pack(order + "HH", orientation, 0))]
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    body = struct.pack(order + "H", len(entries))
    for tag, kind, count, value in entries:
        body += struct.pack(order + "HHI", tag, kind, count) + value
    return b"Exif\0\0" + head + body + struct.pack(order + "I", 0)


def after_start(data, extra):
    return data[:2] + extra + data[2:]


def read_cases():
    base = picture(35, 19)
    for sampling in ("1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "3x1", "1x3", "3x2", "2x4"):
        yield f"sampled-{sampling}", cjpeg(base, "-quality", "85", "-sample", sampling)
    # Blue and red sampled differently, and luma that is not the finest.
    yield "sampled-mixed", cjpeg(base, "-quality", "85", "-sample", "2x2,1x2,2x1")
    yield "sampled-coarse-luma", cjpeg(base, "-quality", "85", "-sample", "1x1,2x2,1x1")
    yield "sampled-4x1-2x1-1x1", cjpeg(base, "-quality", "85", "-sample", "4x1,2x1,1x1")
    yield "sampled-1x4-1x2-1x1", cjpeg(base, "-quality", "85", "-sample", "1x4,1x2,1x1")
    for width, height in ((1, 1), (2, 2), (3, 5), (4, 4), (5, 3), (16, 16), (17, 33), (33, 17)):
        for sampling in ("2x1", "2x2"):
            yield f"size-{width}x{height}-{sampling}", cjpeg(picture(width, height), "-quality", "80", "-sample", sampling)
    for quality in (1, 20, 100):
        yield f"quality-{quality}", cjpeg(base, "-quality", str(quality))
    yield "optimized", cjpeg(base, "-quality", "75", "-optimize")
    yield "typical-tables-left-out", without(without(without(without(cjpeg(base), 0xC4), 0xC4), 0xC4), 0xC4)
    yield "gray", cjpeg(base, "-grayscale")
    yield "gray-progressive", cjpeg(base, "-grayscale", "-progressive")
    yield "gray-sampled-2x2", patched(cjpeg(base, "-grayscale"), 0xC0, 10, 0x22)
    yield "rgb", cjpeg(base, "-rgb")
    yield "rgb-ids-alone", without(cjpeg(base, "-rgb"), 0xEE)
    yield "ycc-ids-alone", without(cjpeg(base), 0xE0)
    yield "adobe-ycc", after_start(without(cjpeg(base), 0xE0), segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01"))
    yield "restart-blocks", cjpeg(base, "-restart", "1B")
    yield "restart-rows", cjpeg(base, "-restart", "1", "-sample", "2x1")
    yield "restart-progressive", cjpeg(base, "-restart", "2B", "-progressive")
    yield "scans-separate", cjpeg(base, "-sample", "2x2", scans="0;\n1;\n2;\n")
    yield "scans-pairs", cjpeg(base, "-sample", "2x1", scans="0;\n1,2;\n")
    yield "scans-separate-restart", cjpeg(base, "-restart", "3B", scans="2;\n0;\n1;\n")
    for sampling in ("1x1", "2x1", "2x2", "1x2", "4x1"):
        yield f"progressive-{sampling}", cjpeg(base, "-progressive", "-quality", "90", "-sample", sampling)
    yield "progressive-split", cjpeg(base, "-quality", "95", scans=PROGRESSIVE_SPLIT)
    yield "progressive-quality-1", cjpeg(base, "-progressive", "-quality", "1")
    yield "progressive-flat", cjpeg(Image.new("RGB", (120, 90), (200, 30, 60)), "-progressive")
    inks = Image.merge("CMYK", [picture(35, 19, seed).convert("L") for seed in range(4)])
    cmyk = pillow(inks, quality=90)
    yield "cmyk", cmyk
    yield "cmyk-progressive", pillow(inks, quality=70, progressive=True)
    yield "cmyk-without-adobe", without(cmyk, 0xEE)
    yield "ycck", patched(cmyk, 0xEE, 14, 2)
    oriented = cjpeg(picture(19, 11), "-quality", "80")
    for orientation in range(1, 9):
        order = "<>"[orientation % 2]
        yield f"orientation-{orientation}", after_start(oriented, segment(0xE1, exif(orientation, order)))
    yield "orientation-9", after_start(oriented, segment(0xE1, exif(9, "<")))
    yield "orientation-cut-off", after_start(oriented, segment(0xE1, exif(6, "<")[:24]))
    yield "bytes-after-end", oriented + b"more than a picture\xff\xd8\xff"
    yield "bytes-before-markers", oriented[:2] + b"\xff\xff\xff" + segment(0xFE, b"a comment")[1:] + b"\0\1\2" + oriented[2:]
    yield "filled-end", oriented[:-2] + b"\xff\xff\xff\xd9"


def refused_cases():
    base = cjpeg(picture(16, 16))
    yield "arithmetic", cjpeg(picture(16, 16), "-arithmetic")
    yield "arithmetic-progressive", cjpeg(picture(16, 16), "-arithmetic", "-progressive")
    yield "lossless", patched(base, 0xC0, 0, 0xC3)
    yield "hierarchical", patched(base, 0xC0, 0, 0xC5)
    yield "12-bit", patched(base, 0xC0, 3, 12)
    yield "height-later", patched(patched(base, 0xC0, 4, 0), 0xC0, 5, 0)
    yield "width-0", patched(patched(base, 0xC0, 6, 0), 0xC0, 7, 0)
    yield "two-channels", patched(base, 0xC0, 8, 2)
    yield "huge", patched(patched(base, 0xC0, 4, 0xEA), 0xC0, 6, 0xEA)
    yield "large-claim", patched(patched(base, 0xC0, 4, 0x30), 0xC0, 6, 0x30)
    yield "ratio-2-to-3", patched(patched(base, 0xC0, 10, 0x31), 0xC0, 13, 0x21)
    yield "no-quantisation", without(without(base, 0xDB), 0xDB)
    yield "no-huffman", patched(base, 0xDA, 5, 0x22)
    yield "no-frame", without(base, 0xC0)
    yield "no-scan", base[:next(found[0] for found in segments(base) if found[1] == 0xDA)] + b"\xff\xd9"
    yield "scan-missing", cut_second_scan(cjpeg(picture(16, 16), scans="0;\n1;\n2;\n"))
    restarts = cjpeg(picture(35, 19), "-restart", "1B")
    yield "restart-out-of-order", restarts.replace(b"\xff\xd1", b"\xff\xd5", 1)


def cut_second_scan(data):
    """Ends the file behind its first scan."""
    first = data.index(b"\xff\xda")
    return data[:data.index(b"\xff\xda", first + 2)] + b"\xff\xd9"


def main():
    (OUT / "refused").mkdir(parents=True, exist_ok=True)
    for old in [*OUT.glob("*.jpg"), *OUT.glob("*.png"), *OUT.glob("refused/*.jpg")]:
        old.unlink()
    for name, data in read_cases():
        (OUT / f"{name}.jpg").write_bytes(data)
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
        image.info.clear()
        image.save(OUT / f"{name}.png", optimize=True)
    for name, data in refused_cases():
        (OUT / "refused" / f"{name}.jpg").write_bytes(data)


if __name__ == "__main__":
    main()
