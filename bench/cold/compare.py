"""Whole processes, cold: `onnxviz` beside PyTorch doing the same from the same weights. Wall time, processor time and peak memory, medians.

    compare.py --onnxviz src/OnnxViz.Cli/bin/Release/net10.0/onnxviz --picture cat.jpg [--work DIR] [--runs 3]

Needs torch, torchvision and onnx (Debian's python3-torch, python3-torchvision, python3-onnx). In DIR it makes vgg16.onnx and
vgg16.pth, 553 MB each with the same random weights, once. Both sides then load the file from the page cache and compute one
gradient of the strongest class; PyTorch is given noise instead of a picture, because Debian has no decoder beside it. The two are
run by turns; memory is the largest resident set, mapped pages of the file included.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"

GRADIENT = """
import sys, torch, torchvision
net = torchvision.models.vgg16(weights=None)
net.load_state_dict(torch.load(sys.argv[1]))
net.eval()
for p in net.parameters(): p.requires_grad_(False)
x = torch.rand(1, 3, 224, 224, requires_grad=True)
net(x)[0].max().backward()
x.grad.numpy().tofile(sys.argv[2])
"""

# The weights that export_torchvision.py gives the network.
WEIGHTS = """
import sys, torch
sys.path.insert(0, sys.argv[1])
import torchvision_networks
torch.save(torchvision_networks.build("vgg16").state_dict(), sys.argv[2])
"""


def measured(command):
    """Wall seconds, processor seconds, MiB."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(map(str, command))} ended with {status}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--onnxviz", required=True, help="the program")
    a.add_argument("--picture", required=True, type=pathlib.Path)
    a.add_argument("--work", type=pathlib.Path, default=pathlib.Path("cold"))
    a.add_argument("--runs", type=int, default=3)
    a = a.parse_args()
    a.work.mkdir(parents=True, exist_ok=True)
    model, weights = a.work / "vgg16.onnx", a.work / "vgg16.pth"
    if not model.exists():
        subprocess.run([sys.executable, TOOLS / "export_torchvision.py", "-o", a.work, "vgg16"], check=True)
    if not weights.exists():
        subprocess.run([sys.executable, "-c", WEIGHTS, TOOLS, weights], check=True)
    onnxviz = [a.onnxviz]
    rows = {
        "--help": [*onnxviz, "--help"],
        "summary vgg16-body": [*onnxviz, "summary", "vgg16-body"],
        "saliency, 553 MB": [*onnxviz, "saliency", "-m", model, "-i", a.picture, "--raw", a.work / "ours.npy"],
        "the same, PyTorch": [sys.executable, "-c", GRADIENT, weights, a.work / "theirs.bin"],
        "maximize conv3_3, 553 MB": [*onnxviz, "maximize", "-m", model, "--layer", "conv3_3", "--unit", "5", "--steps", "3", "-o", a.work / "unit.png"],
    }
    found = {name: [] for name in rows}
    for _ in range(a.runs):
        for name, command in rows.items():
            found[name].append(measured(command))
    print(f"{'':26}{'wall s':>9}{'cpu s':>9}{'MiB':>9}")
    middle = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in found.items()}
    for name, (wall, cpu, memory) in middle.items():
        print(f"{name:26}{wall:9.2f}{cpu:9.2f}{memory:9.0f}")
    ours, theirs = middle["saliency, 553 MB"], middle["the same, PyTorch"]
    print(f"PyTorch takes {theirs[0] / ours[0]:.2f} times our time and {theirs[2] / ours[2]:.2f} times our memory.")


if __name__ == "__main__":
    main()
