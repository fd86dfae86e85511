#!/usr/bin/env python3
"""How time and memory grow with the side of a picture, the batch, the number of units and the depth of the layer.

    dotnet build -c Release && python3 bench/growth.py growth.svg

Times are of a step (of the whole command for units), memory is the process's peak. Needs nothing but the program and a quiet machine.
"""
import json
import sys
import tempfile

from processes import BENCH, PROGRAM, run

LAYERS = ["conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_3", "conv4_1", "conv4_3", "conv5_1", "conv5_3"]


def step(layer, batch, side, count=8):
    out, used = run([*BENCH, "step", "vgg16-body", layer, str(batch), str(count), f"side={side}"])
    return json.loads(out)["median_ms"] / 1000, used["memory"]


def units(count):
    with tempfile.TemporaryDirectory() as folder:
        command = [*PROGRAM, "maximize", "--layer", "conv3_3", "--unit", f"0-{count - 1}", "--size", "64", "--steps", "8", "--redirect-steps", "0", "--restarts", "0", "--device", "cpu", "--quiet"]
        _, used = run([*command, "-o", f"{folder}/units.png"])
    return used["seconds"], used["memory"]


def panel(title, x_name, xs, measure, names=None):
    found = [measure(x) for x in xs]
    print(f"| {title}, {x_name} | " + " | ".join(str(x) for x in (names or xs)) + " |\n|" + "---|" * (len(xs) + 1))
    print("| seconds | " + " | ".join(f"{s:.3f}" for s, _ in found) + " |")
    print("| MiB | " + " | ".join(f"{m:.0f}" for _, m in found) + " |\n", flush=True)
    result = {"title": title, "x_name": x_name, "x": list(range(len(xs))) if names else xs, "seconds": [s for s, _ in found], "mebibytes": [m for _, m in found]}
    return {**result, "x_names": names} if names else result


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    panels = [
        panel("A step of conv3_3", "megapixels of the picture (sides 64 to 1024)", [side * side / 1e6 for side in (64, 128, 256, 512, 1024)],
              lambda x: step("conv3_3", 1, round((x * 1e6) ** 0.5))),
        panel("A step of conv3_3 at 64", "pictures in a batch", [1, 2, 4, 8, 16, 32], lambda n: step("conv3_3", n, 64)),
        panel("maximize of conv3_3 at 64, 8 steps", "units", [4, 32, 64, 128], units),
        panel("A step at 128", "convolution of VGG-16", LAYERS, lambda layer: step(layer, 1, 128), [layer.removeprefix("conv") for layer in LAYERS]),
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(panels, file)
        file.flush()
        run([*BENCH, "plot", file.name, sys.argv[1]])


if __name__ == "__main__":
    main()
