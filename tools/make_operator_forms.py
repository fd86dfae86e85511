#!/usr/bin/env python3
"""Prints the rows of src/OnnxViz/Onnx/OperatorForms.cs: what the ONNX standard says of each operator's inputs, outputs and attributes.

Needs the package onnx (1.12 knows opset 17); what came later is written down here from the specification.
Over all versions from opset 7 on: the fewest required inputs and outputs, the most, and every attribute with its kind.
"""
from onnx import defs

OLDEST = 7
LETTERS = {"FLOAT": "f", "INT": "i", "STRING": "s", "TENSOR": "t", "GRAPH": "g", "FLOATS": "F", "INTS": "I", "STRINGS": "S", "SPARSE_TENSOR": "t", "TYPE_PROTO": "p"}

# Opset 18 to 26: inputs, outputs, attributes.
LATER = {
    "AffineGrid": ("2-2", "1-1", "align_corners:i"), "Attention": ("3-7", "1-4", "is_causal:i kv_num_heads:i q_num_heads:i qk_matmul_output_mode:i scale:f softcap:f softmax_precision:i"),
    "AveragePool": ("1-1", "1-1", "dilations:I"), "BitCast": ("1-1", "1-1", "to:i"), "BitwiseAnd": ("2-2", "1-1", ""), "BitwiseNot": ("1-1", "1-1", ""),
    "BitwiseOr": ("2-2", "1-1", ""), "BitwiseXor": ("2-2", "1-1", ""), "Cast": ("1-1", "1-1", "saturate:i"), "CastLike": ("2-2", "1-1", "saturate:i"),
    "CenterCropPad": ("2-2", "1-1", "axes:I"), "Col2Im": ("3-3", "1-1", "dilations:I pads:I strides:I"), "CumProd": ("2-2", "1-1", "exclusive:i reverse:i"),
    "DFT": ("1-3", "1-1", ""), "DeformConv": ("3-5", "1-1", "dilations:I group:i kernel_shape:I offset_group:i pads:I strides:I"),
    "DequantizeLinear": ("2-3", "1-1", "block_size:i output_dtype:i"), "Gelu": ("1-1", "1-1", "approximate:s"),
    "GroupNormalization": ("3-3", "1-1", "epsilon:f num_groups:i stash_type:i"), "HammingWindow": ("1-1", "1-1", ""), "ImageDecoder": ("1-1", "1-1", "pixel_format:s"),
    "LpPool": ("1-1", "1-1", "ceil_mode:i dilations:I"), "Mish": ("1-1", "1-1", ""), "Pad": ("1-4", "1-1", ""),
    "QuantizeLinear": ("2-3", "1-1", "block_size:i output_dtype:i precision:i saturate:i"), "RMSNormalization": ("2-2", "1-1", "axis:i epsilon:f stash_type:i"),
    "RegexFullMatch": ("1-1", "1-1", "pattern:s"), "Reshape": ("2-2", "1-1", "allowzero:i"),
    "Resize": ("1-4", "1-1", "antialias:i axes:I keep_aspect_ratio_policy:s"), "RotaryEmbedding": ("3-4", "1-1", "interleaved:i num_heads:i rotary_embedding_dim:i"),
    "ScatterElements": ("3-3", "1-1", "reduction:s"), "ScatterND": ("3-3", "1-1", "reduction:s"), "Split": ("1-2", "1-*", "num_outputs:i"), "StringConcat": ("2-2", "1-1", ""),
    "StringSplit": ("1-1", "2-2", "delimiter:s maxsplit:i"), "Swish": ("1-1", "1-1", "alpha:f"), "TensorScatter": ("2-3", "1-1", "axis:i mode:s"),
    **{name: ("1-2", "1-1", "noop_with_empty_axes:i") for name in ["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare"]},
}


def counts(text):
    low, high = text.split("-")
    return int(low), (1 << 31 if high == "*" else int(high))


def required(schema):
    single = sum(1 for f in schema.inputs if f.option.name == "Single")
    return single if any(f.option.name == "Optional" for f in schema.inputs) else max(single, schema.min_input)


rows = {}


def add(name, inputs, outputs, attributes):
    row = rows.setdefault(name, [*inputs, *outputs, {}])
    row[0], row[1] = min(row[0], inputs[0]), max(row[1], inputs[1])
    row[2], row[3] = min(row[2], outputs[0]), max(row[3], outputs[1])
    for attribute, kind in attributes.items():
        row[4].setdefault(attribute, "")
        if kind not in row[4][attribute]:
            row[4][attribute] += kind


history = [s for s in defs.get_all_schemas_with_history() if s.domain == ""]
for schema in history:
    # Versions that ended before the oldest opset are nobody's.
    if any(o.name == schema.name and schema.since_version < o.since_version <= OLDEST for o in history):
        continue
    few = required(schema)
    add(schema.name, (few, schema.max_input), (schema.min_output, schema.max_output), {a.name: LETTERS[a.type.name] for a in schema.attributes.values()})
for name, (inputs, outputs, attributes) in LATER.items():
    add(name, counts(inputs), counts(outputs), dict(a.split(":") for a in attributes.split()))


def text(low, high):
    return f"{low}-{'*' if high >= 1 << 30 else high}"


for name, (a, b, c, d, attributes) in sorted(rows.items()):
    print(" ".join([name, text(a, b), text(c, d), *(f"{k}:{v}" for k, v in sorted(attributes.items()))]))
