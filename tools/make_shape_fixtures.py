#!/usr/bin/env python3
"""Writes tests/OnnxViz.Tests/Fixtures/shapes.json: the shapes that onnx.shape_inference finds in whole networks.

    /usr/bin/python3 tools/make_shape_fixtures.py ../shared/models

Of every model in the folder and its `light` folder that the onnx package can read: what the nodes compute from an image
of 224x224 in a batch of one, as {file: {"1,64,112,112": [names of values]}}. Needs python3-onnx.
"""
import json
import pathlib
import sys

import onnx
from onnx import shape_inference

TARGET = pathlib.Path(__file__).resolve().parent.parent / "tests/OnnxViz.Tests/Fixtures/shapes.json"


def shapes(path):
    model = onnx.load(str(path))
    initializers = {tensor.name for tensor in model.graph.initializer}
    for value in model.graph.input:
        if value.name not in initializers:
            for dim, size in zip(value.type.tensor_type.shape.dim, (1, 3, 224, 224)):
                dim.dim_value = size
    # Only what is inferred counts, not what the exporter noted.
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    graph = shape_inference.infer_shapes(model, data_prop=True, strict_mode=True).graph
    found = {}
    for value in [*graph.value_info, *graph.output]:
        dims = value.type.tensor_type.shape.dim
        if value.type.tensor_type.HasField("shape") and all(dim.HasField("dim_value") for dim in dims):
            found.setdefault(",".join(str(dim.dim_value) for dim in dims), []).append(value.name)
    return found


def main(folder):
    paths = [*sorted(folder.glob("*.onnx")), *sorted((folder / "light").glob("*.onnx"))]
    TARGET.write_text(json.dumps({path.name: shapes(path) for path in paths}, indent=0) + "\n")
    print(TARGET)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
