#!/usr/bin/env python3
"""Our times beside PyTorch's, both sides in one run: medians of three rounds in which the sides take turns.

    dotnet build -c Release && /usr/bin/python3 bench/tables.py [steps attributions maximize cold start] [--rounds 3] [--work DIR]

Prints Markdown tables; the ratio is PyTorch's time over ours, for the faster of its two forms. Needs Debian's python3-torch,
python3-torchvision and python3-onnx, and a machine that does nothing else. DIR keeps the exported networks (1 GB).
"""
import argparse
import json
import pathlib
import statistics
import sys
import tempfile

from processes import BENCH, HERE, PROGRAM, ROOT, run

# What is explained, our model and layer, torchvision's network and module, side, batch, steps of ours, of PyTorch.
STEPS = [
    ("VGG-16 conv5_1, batch 1", "vgg16-body", "conv5_1", "vgg16", "features.24", 224, 1, 40, 12),
    ("VGG-16 conv5_1, batch 4", "vgg16-body", "conv5_1", "vgg16", "features.24", 224, 4, 14, 6),
    ("VGG-16 conv3_3, batch 1", "vgg16-body", "conv3_3", "vgg16", "features.14", 224, 1, 40, 12),
    ("GoogLeNet inception4a, batch 1", "googlenet", "inception4a", "googlenet", "inception4a", 224, 1, 40, 15),
    ("AlexNet conv5, batch 1", "alexnet", "conv5", "alexnet", "features.10", 224, 1, 40, 20),
    ("ResNet-50 layer3, 128 x 128, batch 1", "resnet50", "layer3", "resnet50", "layer3", 128, 1, 40, 15),
    ("MobileNetV2 class, batch 1", "mobilenet_v2", "logits", "mobilenet_v2", "classifier", 224, 1, 40, 15),
    ("EfficientNet-Lite0 class, batch 1", "efficientnet-lite0", "classifier", "efficientnet_lite0", "classifier", 224, 1, 40, 15),
]
# Lucent's objectives of conv4_3 after its 256 steps (mean of the unit's map on the 8-bit picture), by unit.
LUCENT = {1: 3889, 10: 2365, 30: 2818, 77: 5515, 200: 4380, 300: 3299}


def said(command):
    return run(command)[0]


def used(command):
    return run(command)[1]


def torch(script, *arguments):
    return json.loads(said([sys.executable, str(HERE / script), *map(str, arguments)]))


def rounds(count, *sides):
    """Every side's results, taken in turns; by side and result the median."""
    results = [[] for _ in sides]
    for _ in range(count):
        for side, found in zip(sides, results):
            found.append(side())
    return [{key: statistics.median(r[key] for r in found) for key in found[0] if isinstance(found[0][key], (int, float))} for found in results]


def exported(work, name):
    path = work / f"{name}.onnx"
    if not path.exists():
        said([sys.executable, str(ROOT / "tools/export_for_parity.py"), "-o", str(work), name])
    return str(path)


def network(work, name):
    return name if name in ("vgg16-body", "efficientnet-lite0") else exported(work, name)


def steps(a):
    print("| a step (forward, gradient by the input, Adam) | onnxviz, ms | PyTorch, ms | channels_last, ms | ratio to the faster |\n|---|---|---|---|---|")
    for title, model, layer, theirs, module, side, batch, ours, torchs in STEPS:
        model = network(a.work, model)
        mine, default, last = rounds(
            a.rounds,
            lambda: json.loads(said([*BENCH, "step", model, layer, str(batch), str(ours), f"side={side}"])),
            lambda: torch("steps/step_pytorch.py", theirs, module, batch, torchs, "--side", side),
            lambda: torch("steps/step_pytorch.py", theirs, module, batch, torchs, "--side", side, "--channels-last"))
        m, d, l = mine["median_ms"], default["median_ms"], last["median_ms"]
        print(f"| {title} | {m:.1f} | {d:.1f} | {l:.1f} | {min(d, l) / m:.2f}x |", flush=True)


def attributions(a):
    print("| EfficientNet-Lite0, one class | onnxviz, s | PyTorch in batches of 10, s | channels_last, s | ratio to the faster |\n|---|---|---|---|---|")
    mine, default, last = rounds(
        a.rounds, lambda: json.loads(said([*BENCH, "attributions"])), lambda: torch("attributions/attributions_pytorch.py"),
        lambda: torch("attributions/attributions_pytorch.py", "--channels-last"))
    for method, m in mine.items():
        print(f"| {method} | {m:.2f} | {default[method]:.2f} | {last[method]:.2f} | {min(default[method], last[method]) / m:.2f}x |", flush=True)


def maximize(a):
    units = ",".join(map(str, LUCENT))
    with tempfile.TemporaryDirectory() as folder:
        picture = f"{folder}/units.png"
        # The least number of steps, a multiple of 8, after which every unit has Lucent's objective.
        least = None
        for count in range(40, 145, 8):
            command = [*PROGRAM, "maximize", "--layer", "conv4_3", "--unit", units, "--steps", str(count), "--device", "cpu", "--json", "-o", picture]
            objectives = [float(r["objective"]) for r in json.loads(said(command))["results"]]
            if all(o >= LUCENT[u] for o, u in zip(objectives, LUCENT)):
                least = count
                break
        if least is None:
            sys.exit("144 steps do not reach Lucent's objectives")
        default, last, whole, enough = rounds(
            a.rounds, lambda: torch("maximize/lucent_pytorch.py"), lambda: torch("maximize/lucent_pytorch.py", "--channels-last"),
            lambda: used([*PROGRAM, "maximize", "--layer", "conv4_3", "--unit", units, "--device", "cpu", "-o", picture]),
            lambda: used([*PROGRAM, "maximize", "--layer", "conv4_3", "--unit", units, "--device", "cpu", "--steps", str(least), "-o", picture]))
    lucent = 256 * min(default["seconds_a_step"], last["seconds_a_step"])
    print("| six units of conv4_3 | seconds | beside Lucent's |\n|---|---|---|")
    print(f"| Lucent's loop, 256 steps, the faster form (a step {default['seconds_a_step']:.2f}, channels_last {last['seconds_a_step']:.2f}) | {lucent:.0f} | |")
    print(f"| onnxviz to Lucent's objectives: {least} steps, whole command | {enough['seconds']:.1f} | {lucent / enough['seconds']:.1f}x |")
    print(f"| onnxviz as it is by default: 144 steps, {whole['memory']:.0f} MiB | {whole['seconds']:.1f} | {lucent / whole['seconds']:.1f}x |", flush=True)


def start(a):
    print("| whole process | seconds | processor seconds | MiB |\n|---|---|---|---|")
    for title, command in (("--help", ["--help"]), ("summary vgg16-body", ["summary", "vgg16-body"])):
        (found,) = rounds(3 * a.rounds, lambda: used([*PROGRAM, *command]))
        print(f"| {title} | {found['seconds']:.3f} | {found['cpu']:.3f} | {found['memory']:.0f} |", flush=True)


def cold(a):
    model, weights = exported(a.work, "vgg16"), a.work / "vgg16.pth"
    theirs = [sys.executable, HERE / "cold/gradient_pytorch.py", weights]
    if not weights.exists():
        said([*theirs, "--save"])
    picture = ROOT / "onnx-models/images/chelsea.png"
    with tempfile.TemporaryDirectory() as folder:
        sides = {
            "onnxviz, one saliency map": [*PROGRAM, "saliency", "-m", model, "-i", picture, "--device", "cpu", "--raw", f"{folder}/ours.npy"],
            "PyTorch, one gradient": [*theirs, f"{folder}/theirs.bin"],
            "onnxviz, maximize conv3_3, 3 steps": [*PROGRAM, "maximize", "-m", model, "--layer", "conv3_3", "--unit", "5", "--steps", "3", "--device", "cpu", "-o", f"{folder}/unit.png"],
        }
        results = rounds(a.rounds, *[lambda command=command: used(command) for command in sides.values()])
    print("| a VGG-16 of 553 MB, whole process, file in the page cache | seconds | processor seconds | MiB | ratio |\n|---|---|---|---|---|")
    for (title, _), found, ratio in zip(sides.items(), results, (results[1]["seconds"] / results[0]["seconds"], None, None)):
        print(f"| {title} | {found['seconds']:.2f} | {found['cpu']:.2f} | {found['memory']:.0f} | {f'{ratio:.2f}x' if ratio else ''} |", flush=True)


TABLES = {"steps": steps, "attributions": attributions, "maximize": maximize, "cold": cold, "start": start}


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("tables", nargs="*", default=list(TABLES))
    a.add_argument("--rounds", type=int, default=3)
    a.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "onnxviz-bench")
    a = a.parse_args()
    a.work.mkdir(parents=True, exist_ok=True)
    for name in a.tables:
        if name not in TABLES:
            sys.exit(f"{name}: {', '.join(TABLES)} are known")
        TABLES[name](a)
        print(flush=True)


if __name__ == "__main__":
    main()
