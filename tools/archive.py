"""Packs a folder into one archive, the same bytes each time: NAME.zip for Windows, NAME.tar.gz for all others.

    python3 tools/archive.py artifacts/publish/linux-x64 artifacts/release/onnxviz-0.1.0-linux-x64
"""

import gzip
import os
import sys
import tarfile
import zipfile

MOMENT = (1980, 1, 1, 0, 0, 0)


def modes(folder):
    """Each file's name, path and mode; the program is the one without an ending, or .exe."""
    for name in sorted(os.listdir(folder)):
        runs = os.path.splitext(name)[1] in ("", ".exe") and name != "LICENSE"
        yield name, os.path.join(folder, name), 0o755 if runs else 0o644


def pack_zip(folder, top, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file, mode in modes(folder):
            entry = zipfile.ZipInfo(f"{top}/{name}", MOMENT)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            with open(file, "rb") as source:
                archive.writestr(entry, source.read())


def pack_tar(folder, top, path):
    with open(path, "wb") as target, gzip.GzipFile("", "wb", fileobj=target, mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, file, mode in modes(folder):
            entry = tarfile.TarInfo(f"{top}/{name}")
            entry.size, entry.mode = os.path.getsize(file), mode
            with open(file, "rb") as source:
                archive.addfile(entry, source)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, name = sys.argv[1:]
    top = os.path.basename(name)
    if "-win-" in top:
        pack_zip(folder, top, name + ".zip")
    else:
        pack_tar(folder, top, name + ".tar.gz")


if __name__ == "__main__":
    main()
