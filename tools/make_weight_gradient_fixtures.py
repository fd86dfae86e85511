"""Writes tests/OnnxViz.Tests/Fixtures/weight_gradients.json: the gradients of every operator's weights, by PyTorch in float64.

    python3 tools/make_weight_gradient_fixtures.py tests/OnnxViz.Tests/Fixtures/weight_gradients.json

A row is an operator with its inputs and attributes in the notation of tests' GradientCase: [4,3] is an input whose
gradient is taken, ![4,3] one whose size stays known when the others are open, ~[2] and +[2] constants (here without
influence), @i64[2]=0,1 indices. Number i of input k is ((7919 i + 104729 (k + 1)) mod 2003) / 1001 - 1, brought into the
row's range; the score weighs the output with those of k = 99, in -1..1. The gradient of input 0 is left out where that
is never a weight. Needs torch and torchvision (Debian: python3-torch, python3-torchvision).
"""
import json
import math
import re
import sys

import torch
import torch.nn.functional as F
from torchvision.ops import deform_conv2d


def numbers(count, k):
    i = torch.arange(count, dtype=torch.int64)
    return ((7919 * i + 104729 * (k + 1)) % 2003).double() / 1001 - 1


def parse(word, k, low, high):
    kind, dims, given = re.fullmatch(r"([!+~@]?)(?:i64)?(?:\[([\d,]*)\])?(?:=([-\d,]+))?", word).groups()
    dims = [int(d) for d in (dims or "").split(",") if d]
    if given:
        return torch.tensor([int(v) for v in given.split(",")]).reshape(dims)
    if kind and kind in "+~":
        return None
    return (low + (numbers(math.prod(dims), k).reshape(dims) + 1) / 2 * (high - low)).requires_grad_()


def attributes(text):
    read = lambda v: json.loads(v) if re.match(r"[-\[\d]", v) else v
    return {name: read(value) for name, value in (word.split("=", 1) for word in text.split())}


def spatial_pads(a, sizes, kernel, strides, dilations):
    rank, auto = len(kernel), a.get("auto_pad", "NOTSET")
    if auto in ("NOTSET", "VALID"):
        pads = a.get("pads", [0] * 2 * rank)
        return list(zip(pads[:rank], pads[rank:]))
    result = []
    for size, k, s, d in zip(sizes, kernel, strides, dilations):
        total = max(0, (-(-size // s) - 1) * s + d * (k - 1) + 1 - size)
        less, more = total // 2, total - total // 2
        result.append((less, more) if auto == "SAME_UPPER" else (more, less))
    return result


def padded(x, pads):
    return F.pad(x, [p for pair in reversed(pads) for p in pair])


def conv(a, x, w, b=None):
    rank = x.dim() - 2
    strides, dilations = a.get("strides", [1] * rank), a.get("dilations", [1] * rank)
    x = padded(x, spatial_pads(a, x.shape[2:], w.shape[2:], strides, dilations))
    return (F.conv1d, F.conv2d, F.conv3d)[rank - 1](x, w, b, strides, 0, dilations, a.get("group", 1))


def conv_transpose(a, x, w, b=None):
    rank = x.dim() - 2
    strides, dilations, extra = a.get("strides", [1] * rank), a.get("dilations", [1] * rank), a.get("output_padding", [0] * rank)
    y = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[rank - 1](x, w, None, strides, 0, 0, a.get("group", 1), dilations)
    y = padded(y, [(0, e) for e in extra])
    auto, pads = a.get("auto_pad", "NOTSET"), a.get("pads", [0] * 2 * rank)
    cut = list(zip(pads[:rank], pads[rank:]))
    wanted = a.get("output_shape") or ([s * n for s, n in zip(strides, x.shape[2:])] if auto.startswith("SAME") else None)
    if wanted:
        total = [full - want for full, want in zip(y.shape[2:], wanted)]
        cut = [(t // 2, t - t // 2) if auto == "SAME_UPPER" else (t - t // 2, t // 2) for t in total]
    y = padded(y, [(-begin, -end) for begin, end in cut])
    return y if b is None else y + b.reshape(-1, *[1] * rank)


def gemm(a, x, w, c=None):
    product = (x.T if a.get("transA") else x) @ (w.T if a.get("transB") else w)
    return a.get("alpha", 1) * product + (0 if c is None else a.get("beta", 1) * c)


def channels(v, x):
    return v.reshape(-1, *[1] * (x.dim() - 2))


def batch_norm(a, x, scale, bias, mean, variance):
    if a.get("training_mode"):
        return F.batch_norm(x, None, None, scale, bias, True, 0, a["epsilon"])
    return (x - channels(mean, x)) / torch.sqrt(channels(variance, x) + a["epsilon"]) * channels(scale, x) + channels(bias, x)


def layer_norm(a, x, scale, bias=None):
    axis = a.get("axis", -1) % x.dim()
    y = F.layer_norm(x, x.shape[axis:], None, None, a["epsilon"]) * scale
    return y if bias is None else y + bias


def group_norm(a, x, scale, bias):
    groups = a["num_groups"]
    each = lambda v: v if a.get("opset", 18) >= 21 else v.repeat_interleave(x.shape[1] // groups)
    return F.group_norm(x, groups, each(scale), each(bias), a["epsilon"])


def recurrent(kernel, order, a, x, w, r, b):
    """PyTorch's, whose gates stand in another order."""
    sides, hidden = r.shape[0], r.shape[2]
    rows = torch.cat([torch.arange(hidden) + gate * hidden for gate in order])
    weights = [v for d in range(sides) for v in (w[d][rows], r[d][rows], b[d].reshape(2, -1)[0][rows], b[d].reshape(2, -1)[1][rows])]
    start = torch.zeros(sides, x.shape[1], hidden, dtype=x.dtype)
    y = kernel(x, (start, start) if len(order) == 4 else start, weights, True, 1, 0.0, False, sides == 2, False)[0]
    return y.reshape(x.shape[0], x.shape[1], sides, hidden).permute(0, 2, 1, 3)


def lstm(a, x, w, r, b):
    return recurrent(torch._VF.lstm, [0, 2, 3, 1], a, x, w, r, b)


def gru(a, x, w, r, b):
    return recurrent(torch._VF.gru, [1, 0, 2], a, x, w, r, b)


def rnn(a, x, w, r, b):
    return recurrent(torch._VF.rnn_tanh, [0], a, x, w, r, b)


CASES = [
    # op, inputs, attributes, what finite differences have to know and the range, function
    ("Conv", "[2,3,5,6] ![4,3,3,3] [4]", "pads=[1,1,1,1]", "Linear", conv),
    ("Conv", "[2,1,5,6] ![8,1,3,3] [8]", "pads=[1,1,1,1]", "Linear", conv),
    ("Conv", "[2,2,5,5] ![9,2,3,3]", "", "Linear", conv),
    ("Conv", "[3,5,2,2] ![6,5,3,3] [6]", "pads=[1,1,1,1]", "Linear", conv),
    ("Conv", "[2,4,3,3] ![3,4,1,1] [3]", "", "Linear", conv),
    ("Conv", "[2,3,9] ![4,3,4] [4]", "strides=[3] dilations=[2] pads=[0,2]", "Linear", conv),
    ("Conv", "[1,2,4,5,4] ![3,2,3,2,3] [3]", "pads=[1,0,1,1,1,1]", "Linear", conv),
    ("Conv", "[1,2,5,4,6] ![2,1,3,3,2]", "group=2 strides=[2,2,2] pads=[1,1,0,1,1,0]", "Linear", conv),
    ("Conv", "[2,3,9,8] ![4,3,3,3] [4]", "strides=[2,2] pads=[1,1,1,1]", "Linear", conv),
    ("Conv", "[1,3,12,11] ![4,3,7,7]", "strides=[2,2] pads=[3,3,3,3]", "Linear", conv),
    ("Conv", "[1,2,9,9] ![3,2,2,2]", "strides=[4,3]", "Linear", conv),
    ("Conv", "[1,2,9,8] ![3,2,3,2]", "dilations=[2,3] strides=[3,2] pads=[1,0,2,1]", "Linear", conv),
    ("Conv", "[1,2,5,6] ![3,2,2,3]", "pads=[0,1,2,0]", "Linear", conv),
    ("Conv", "[1,2,3,3] ![3,2,3,3]", "pads=[4,3,5,4]", "Linear", conv),
    ("Conv", "[1,2,6,7] ![3,2,3,3]", "auto_pad=SAME_UPPER strides=[2,2]", "Linear", conv),
    ("Conv", "[1,2,6,7] ![3,2,2,4]", "auto_pad=SAME_LOWER", "Linear", conv),
    ("Conv", "[1,2,8,8] ![3,2,3,3]", "auto_pad=VALID strides=[2,2]", "Linear", conv),
    ("Conv", "[2,4,5,5] ![6,2,3,3] [6]", "group=2 pads=[1,1,1,1]", "Linear", conv),
    ("Conv", "[2,6,2,2] ![6,3,3,3]", "group=2 pads=[1,1,1,1]", "Linear", conv),
    ("Conv", "[2,3,6,5] ![3,1,3,3] [3]", "group=3 pads=[1,1,1,1]", "Linear", conv),
    ("Conv", "[1,3,6,5] ![6,1,3,3]", "group=3 strides=[2,2] pads=[1,1,1,1]", "Linear", conv),
    ("ConvTranspose", "[2,3,4,5] ![3,4,3,3] [4]", "", "Linear", conv_transpose),
    ("ConvTranspose", "[2,3,4,5] ![3,4,3,3] [4]", "strides=[2,2] pads=[1,1,1,1] output_padding=[1,1]", "Linear", conv_transpose),
    ("ConvTranspose", "[1,3,4,5] ![3,2,3,3] [2]", "strides=[2,3] pads=[0,1,2,0] output_padding=[1,2]", "Linear", conv_transpose),
    ("ConvTranspose", "[1,3,3,4] ![3,2,2,2] [2]", "strides=[2,1] dilations=[3,2] output_padding=[1,0]", "Linear", conv_transpose),
    ("ConvTranspose", "[1,4,4,5] ![4,3,3,3] [6]", "group=2 pads=[1,1,1,1]", "Linear", conv_transpose),
    ("ConvTranspose", "[1,4,4,5] ![4,1,3,3]", "group=4 strides=[2,2]", "Linear", conv_transpose),
    ("ConvTranspose", "[1,2,4,5] ![2,3,3,3]", "auto_pad=SAME_UPPER strides=[2,2]", "Linear", conv_transpose),
    ("ConvTranspose", "[1,2,4,5] ![2,3,4,4]", "auto_pad=SAME_LOWER strides=[3,2]", "Linear", conv_transpose),
    ("ConvTranspose", "![1,2,4,5] ![2,3,3,3]", "output_shape=[8,11] strides=[2,2]", "Linear", conv_transpose),
    ("ConvTranspose", "[2,3,6] ![3,2,3] [2]", "strides=[2] pads=[1,0]", "Linear", conv_transpose),
    ("ConvTranspose", "[1,2,3,4,3] ![2,2,2,3,2]", "strides=[2,1,2]", "Linear", conv_transpose),
    ("DeformConv", "[1,1,3,4] ![2,1,2,2] ![1,8,2,3] [2] ![1,4,2,3]", "opset=19", "Kinked 0.1..0.9", lambda a, x, w, o, b, m: deform_conv2d(x, o, w, b, mask=m)),
    ("DeformConv", "[1,4,3,3] ![2,2,2,2] ![1,16,2,2] [2]", "group=2 offset_group=2 opset=19", "Kinked 0.1..0.9", lambda a, x, w, o, b: deform_conv2d(x, o, w, b)),
    ("Gemm", "[2,3] [3,4] [4]", "", "Linear", gemm),
    ("Gemm", "[2,3] [4,3] [4]", "transB=1", "Linear", gemm),
    ("Gemm", "[3,2] [3,4] [2,1]", "transA=1 alpha=0.5 beta=2.0", "Linear", gemm),
    ("Gemm", "[3,2] [4,3] [2,4]", "transA=1 transB=1 alpha=-1.5", "Linear", gemm),
    ("Gemm", "[2,3] [4,3] []", "transB=1 beta=0.25", "Linear", gemm),
    ("MatMul", "[2,3] [3,4]", "", "Linear", lambda a, x, w: x @ w),
    ("MatMul", "[2,2,3] [3,4]", "", "Linear", lambda a, x, w: x @ w),
    ("MatMul", "[2,1,2,3] [5,3,4]", "", "Linear", lambda a, x, w: x @ w),
    ("MatMul", "[2,3] [3]", "", "Linear", lambda a, x, w: x @ w),
    ("MatMul", "[3] [2,3,4]", "", "Linear", lambda a, x, w: x @ w),
    ("MatMul", "[4,3] [2,3,2]", "", "Linear", lambda a, x, w: x @ w),
    ("Einsum", "[2,3,4] [4,5]", "equation=...i,ij->...j", "Linear", lambda a, x, w: torch.einsum("abi,ij->abj", x, w)),
    ("Einsum", "[2,3,4] [3,5,4]", "equation=bhd,hed->bhe", "Linear", lambda a, x, w: torch.einsum("bhd,hed->bhe", x, w)),
    ("BatchNormalization", "[2,2,1,3] [2] [2] [2] [2]", "epsilon=0.5", "Smooth 0.5..2", batch_norm),
    ("BatchNormalization", "[4,3] [3] [3] [3] [3]", "epsilon=0.1", "Smooth 1..3", batch_norm),
    ("BatchNormalization", "[3,2,2,3] [2] [2] ~[2] +[2]", "epsilon=0.1 training_mode=1", "Smooth", batch_norm),
    ("LayerNormalization", "[2,3,4] [4] [4]", "epsilon=0.5", "Smooth", layer_norm),
    ("LayerNormalization", "[2,3,4] [3,4] [3,4]", "epsilon=0.1 axis=1", "Smooth", layer_norm),
    ("LayerNormalization", "[2,3,4] [4] [4]", "epsilon=0.1 axis=1", "Smooth", layer_norm),
    ("LayerNormalization", "[2,3,4] [4]", "epsilon=0.1", "Smooth", layer_norm),
    ("InstanceNormalization", "[2,3,2,3] [3] [3]", "epsilon=0.5", "Smooth", lambda a, x, s, b: F.instance_norm(x, None, None, s, b, True, 0, a["epsilon"])),
    ("InstanceNormalization", "[2,3,7] [3] [3]", "epsilon=0.1", "Smooth", lambda a, x, s, b: F.instance_norm(x, None, None, s, b, True, 0, a["epsilon"])),
    ("GroupNormalization", "[2,4,2,3] [2] [2]", "num_groups=2 epsilon=0.1", "Smooth", group_norm),
    ("GroupNormalization", "[2,6,4] [6] [6]", "num_groups=3 epsilon=0.1 opset=21", "Smooth", group_norm),
    ("LSTM", "![4,2,3] ![1,8,3] ![1,8,2] ![1,16]", "hidden_size=2", "Smooth", lstm),
    ("LSTM", "![3,1,2] ![2,12,2] ![2,12,3] ![2,24]", "hidden_size=3 direction=bidirectional", "Smooth", lstm),
    ("GRU", "![4,2,3] ![1,6,3] ![1,6,2] ![1,12]", "hidden_size=2 linear_before_reset=1", "Smooth", gru),
    ("GRU", "![3,1,2] ![2,9,2] ![2,9,3] ![2,18]", "hidden_size=3 linear_before_reset=1 direction=bidirectional", "Smooth", gru),
    ("RNN", "![5,2,2] ![1,3,2] ![1,3,3] ![1,6]", "hidden_size=3", "Smooth", rnn),
    ("RNN", "![3,1,2] ![2,3,2] ![2,3,3] ![2,6]", "hidden_size=3 direction=bidirectional", "Smooth", rnn),
    ("PRelu", "[2,3,4,2] [1]", "", "Kinked", lambda a, x, w: torch.where(x > 0, x, x * w)),
    ("PRelu", "[2,3,4,2] [3,1,1]", "", "Kinked", lambda a, x, w: torch.where(x > 0, x, x * w)),
    ("Add", "[2,3,4,2] [3,1,1]", "", "Linear", lambda a, x, w: x + w),
    ("Sub", "[2,3,4] [4]", "", "Linear", lambda a, x, w: x - w),
    ("Mul", "[2,3,4,2] [3,1,1]", "", "Linear", lambda a, x, w: x * w),
    ("Mul", "[2,3,4] []", "", "Linear", lambda a, x, w: x * w),
    ("Div", "[2,3,4,2] [3,1,1]", "", "Smooth 1..2", lambda a, x, w: x / w),
    ("Gather", "[5,4] @i64[2,3]=3,0,3,3,1,0", "", "Linear", lambda a, w, i: w[i]),
    ("Gather", "[3,5] @i64[4]=4,-1,2,4", "axis=1", "Linear", lambda a, w, i: w[:, i]),
]


def main(path):
    rows = []
    for op, inputs, attribute_text, kind, function in CASES:
        kind, span = (kind + " -1..1").split()[:2]
        tensors = [parse(word, k, *map(float, span.split(".."))) for k, word in enumerate(inputs.split())]
        y = function(attributes(attribute_text), *tensors)
        (y * numbers(y.numel(), 99).reshape(y.shape)).sum().backward()
        gradients = [None if t is None or t.grad is None else [float(f"{v:.8g}") for v in t.grad.flatten()] for t in tensors]
        if op not in ("Gather", "MatMul"):
            gradients[0] = None
        rows.append({"op": op, "inputs": inputs, "attributes": attribute_text, "kind": kind, "range": span, "gradients": gradients})
    with open(path, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")


main(sys.argv[1])
