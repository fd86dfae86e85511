"""Cuts the small Fashion-MNIST that is carried out of the whole one: the first pictures of each class, in their order.

    python tools/cut_fashion_mnist.py /usr/share/datasets/fashion-mnist
"""
import argparse
import gzip
import pathlib
import struct

OUT = pathlib.Path(__file__).parent.parent / "onnx-models/data/fashion-mnist-small"
CLASSES, SIDE = 10, 28


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="the four .gz files of Fashion-MNIST")
    parser.add_argument("--train", type=int, default=300, help="of each class (300)")
    parser.add_argument("--test", type=int, default=60, help="of each class (60)")
    given = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    for prefix, count in (("train", given.train), ("t10k", given.test)):
        cut(given.folder, prefix, count)


def cut(folder, prefix, count):
    images, labels = f"{prefix}-images-idx3-ubyte.gz", f"{prefix}-labels-idx1-ubyte.gz"
    pixels = gzip.decompress((folder / images).read_bytes())[16:]
    classes = gzip.decompress((folder / labels).read_bytes())[8:]
    left, kept = [count] * CLASSES, []
    for i, c in enumerate(classes):
        if left[c] > 0:
            left[c] -= 1
            kept.append(i)
    assert not any(left), "not enough pictures of each class"
    size = SIDE * SIDE
    write(images, struct.pack(">IIII", 2051, len(kept), SIDE, SIDE) + b"".join(pixels[i * size:(i + 1) * size] for i in kept))
    write(labels, struct.pack(">II", 2049, len(kept)) + bytes(classes[i] for i in kept))


def write(name, data):
    (OUT / name).write_bytes(gzip.compress(data, mtime=0))


if __name__ == "__main__":
    main()
