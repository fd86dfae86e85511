"""The same training by `onnxviz train` and by PyTorch, one after the other in one run: time, memory, accuracy, loss curves.

    compare.py FOLDER --onnxviz src/OnnxViz.Cli/bin/Release/net10.0/onnxviz.dll [--arch small] [--epochs 2] [--svg losses.svg]

FOLDER holds IDX files (.gz) or CIFAR-10's binary files. Both take whole batches only, in an order of their own. Seconds are those
of the steps of an epoch as each side measures them, memory is the process's peak.
"""
import argparse
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from processes import run  # noqa: E402


def smoothed(losses):
    mean, result = losses[0], []
    for i, loss in enumerate(losses):
        mean += (loss - mean) * max(0.02, 1 / (i + 1))
        result.append(mean)
    return result


def draw(path, title, curves):
    width, height, left, top = 760, 340, 50, 40
    most, steps = max(c[0] for c in curves.values()), max(len(c) for c in curves.values())
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13" fill="#555">',
             f'<rect width="100%" height="100%" fill="white"/><text x="{left}" y="24" font-size="16" fill="#222">{title}</text>']
    for tick in (0, 0.5, 1, 1.5, 2):
        y = height - 40 - tick / most * (height - 40 - top)
        parts.append(f'<path d="M{left} {y:.1f}H{width - 90}" stroke="#ddd"/><text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    for n, ((name, losses), colour) in enumerate(zip(curves.items(), ("#2563eb", "#ea580c"))):
        points = [f"{left + (width - 90 - left) * i / steps:.1f} {height - 40 - v / most * (height - 40 - top):.1f}" for i, v in enumerate(losses) if i % 4 == 0]
        parts.append(f'<path d="M{"L".join(points)}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        parts.append(f'<text x="{width - 84}" y="{height - 60 + 18 * n}" fill="{colour}">{name}</text>')
    parts.append(f'<text x="{(width - 90 + left) / 2}" y="{height - 12}" text-anchor="middle">step (of {steps})</text></svg>')
    pathlib.Path(path).write_text("\n".join(parts) + "\n")


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("folder")
    a.add_argument("--onnxviz", required=True, help="the program's .dll, or the program")
    a.add_argument("--arch", default="small")
    a.add_argument("--epochs", type=int, default=2)
    a.add_argument("--batch", type=int, default=64)
    a.add_argument("--lr", type=float, default=1e-3)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--svg")
    a.add_argument("--channels-last", action="store_true", help="PyTorch in that form as well")
    a = a.parse_args()
    shared = ["--arch", a.arch, "--epochs", str(a.epochs), "--batch", str(a.batch), "--lr", str(a.lr), "--threads", str(a.threads), "--device", "cpu"]
    rows, curves = [], {}
    with tempfile.TemporaryDirectory() as work:
        program = ["dotnet", a.onnxviz] if a.onnxviz.endswith(".dll") else [a.onnxviz]
        ours = ["--optimizer", "adam", "--weight-decay", "0", "--schedule", "constant", "--warmup", "0", "--augment", "none", "--save-steps", "none"]
        _, used = run([*program, "train", *shared, *ours, "--data", a.folder, "-o", f"{work}/run", "--json"])
        metrics = json.loads(pathlib.Path(f"{work}/run/metrics.json").read_text())
        rows.append(("onnxviz", metrics["epochs"], used["memory"]))
        if metrics["steps"]["every"] == 1:
            curves["onnxviz"] = smoothed(metrics["steps"]["loss"])
    for name, options in (("PyTorch", []), *([("PyTorch channels_last", ["--channels-last"])] if a.channels_last else [])):
        out, used = run([sys.executable, str(HERE / "train_pytorch.py"), a.folder, *shared, *options])
        result = json.loads(out)
        rows.append((f"{name} {result['torch']}", result["epochs"], used["memory"]))
        curves.setdefault("PyTorch", smoothed([loss for e in result["epochs"] for loss in e["losses"]]))
    print("| | seconds an epoch | beside onnxviz | peak memory, MiB | mean loss | test accuracy |\n|---|---|---|---|---|---|")
    base = min(e["seconds"] for e in rows[0][1])
    for name, epochs, memory in rows:
        seconds = ", ".join(f"{e['seconds']:.1f}" for e in epochs)
        loss, right = ", ".join(f"{e['loss']:.4f}" for e in epochs), ", ".join(f"{100 * e['test_accuracy']:.2f} %" for e in epochs)
        print(f"| {name} | {seconds} | {min(e['seconds'] for e in epochs) / base:.2f}x | {memory:.0f} | {loss} | {right} |")
    if a.svg and "onnxviz" in curves:
        draw(a.svg, f"Training loss of {a.arch}, Adam {a.lr:g}, batch {a.batch}", curves)


if __name__ == "__main__":
    main()
