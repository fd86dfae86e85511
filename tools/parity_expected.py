#!/usr/bin/env python3
"""Compares our float32 results on the carried networks with ../shared/expected.

    dotnet build -c Release
    /usr/bin/python3 tools/parity_expected.py

Needs python3-numpy alone. Exits 1 when out of limits.
"""
import argparse
import pathlib
import sys
import tempfile

import numpy as np

from error_table import ErrorTable, relative_l2
from onnxviz_cli import SHARED, Cli, CliError, add_cli_option, model_path


def cases(methods):
    """What `../shared/expected` holds of our methods: (file, key, limit, model, verb and options)."""
    names = np.load(SHARED / "expected" / "lite0-chelsea.npz").files
    keys = {name.removeprefix("pgcraw_").lower(): name for name in names if name.startswith("pgcraw_")}
    lite0, vgg = "efficientnet-lite0.onnx", "vgg16-body.onnx"
    of_class = ["saliency", "--class", 282, "--method"]
    yield "lite0-chelsea", "logits", 1e-5, lite0, ["predict"]
    yield "lite0-chelsea", "saliency", 1e-2, lite0, of_class + ["gradient"]
    yield "lite0-chelsea", "input_x_gradient", 1e-2, lite0, of_class + ["input-x-gradient"]
    yield "lite0-chelsea", "ig_gausslegendre_50", 1e-2, lite0, of_class + ["integrated-gradients", "--steps", 50]
    yield "lite0-chelsea", "ig_riemann_middle_32_black", 1e-2, lite0, of_class + [
        "integrated-gradients", "--steps", 32, "--quadrature", "midpoint", "--baseline", "black"]
    yield "lite0-chelsea", "occlusion_w32_s16", 1e-4, lite0, of_class + ["occlusion", "--window", 32, "--stride", 16]
    yield "lite0-chelsea", "layer_gradcam_head_act", 1e-4, lite0, of_class + ["grad-cam"]
    yield "lite0-chelsea", "layer_gradcam_block10", 1e-4, lite0, of_class + ["grad-cam", "--layer", "blocks.10"]
    # Every method whose word is pytorch-grad-cam's name but for dashes, as "grad-cam++" is GradCAMPlusPlus.
    for method in methods:
        key = keys.get(method.replace("-", "").replace("+", "plus"))
        if key:
            # That library's Grad-CAM++ adds 1e-6 to a denominator that is as small itself: 14 % in size.
            limit = {"grad-cam++": 0.2, "score-cam": 1e-3, "ablation-cam": 1e-3}.get(method, 1e-4)
            yield "lite0-chelsea", key, limit, lite0, of_class + [method]
    for unit in (25, 100):
        of_unit = ["saliency", "--layer", "pool5", "--unit", unit, "--score", "mean", "--method"]
        for key, method in (("saliency", "gradient"), ("guided", "guided"), ("deconv", "deconv")):
            yield "vgg16body-chelsea", f"pool5_{unit}_{key}", 5e-3, vgg, of_unit + [method]
        yield "vgg16body-chelsea", f"pool5_{unit}_ig50", 1e-2, vgg, of_unit + ["integrated-gradients"]
        yield "vgg16body-chelsea", f"pool5_{unit}_gradcam_conv5_3", 1e-4, vgg, [
            "saliency", "--target-layer", "pool5", "--target-unit", unit, "--method", "grad-cam"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_cli_option(parser)
    cli = Cli(parser.parse_args().cli)
    table = ErrorTable("expected")
    with tempfile.TemporaryDirectory() as work:
        for file, key, limit, model, (verb, *rest) in cases(cli.saliency_methods()):
            expected = np.load(SHARED / "expected" / (file + ".npz"))
            input_path = pathlib.Path(work) / (file + ".input.npy")
            np.save(input_path, expected["input"])
            try:
                found = cli.raw(verb, "-m", model_path(model), "--input-tensor", input_path, *rest)
                table.add(f"{file} {key}", relative_l2(found.reshape(expected[key].shape), expected[key]), limit)
            except (CliError, ValueError) as error:
                table.add_failure(f"{file} {key}", error)
    sys.exit(1 if table.failures else 0)


if __name__ == "__main__":
    main()
