"""A classifier as tf2onnx and Keras write one: NHWC outside and here and there inside, with an open batch.

A library of make_exporter_fixtures.py. The truth is the same network written in PyTorch.
"""
import numpy as np
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

from make_reference_fixtures import input_gradient, pattern
from error_table import relative_l2

NAMES = ("keras", "keras-float16")
SHAPE, SCALE = (2, 13, 12, 3), 1 / 64


class Weights:
    def __init__(self, seed):
        random = np.random.default_rng(seed)

        def rounded(numbers):
            """To what float16 holds, so that one answer serves both types."""
            return numbers.astype(np.float16).astype(np.float32)

        def normal(*shape):
            return rounded(random.standard_normal(shape) / np.sqrt(np.prod(shape[1:])))

        def positive(*shape):
            return rounded(np.abs(random.standard_normal(shape)) + 0.5)

        self.stem, self.depthwise, self.point = normal(8, 3, 3, 3), normal(8, 1, 3, 3), normal(6, 8)
        self.dense, self.bias = normal(5, 12), normal(5)
        self.statistics = [positive(8), normal(8), normal(8), positive(8)]
        self.mean, self.factor, self.wide = normal(3), positive(8), normal(6, 6, 3, 3)


def same(x, kernel, stride, value=0.0, upper=True):
    """TensorFlow's SAME: the odd row goes to the end (upper) or to the beginning."""
    pads = []
    for size in reversed(x.shape[2:]):
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        small = total // 2
        pads += [small, total - small] if upper else [total - small, small]
    return F.pad(x, pads, value=value)


def truth(weights, x):
    def tensor(array):
        return torch.from_numpy(array).to(x.dtype)

    x = (x - tensor(weights.mean)).permute(0, 3, 1, 2)
    scale, shift, mean, variance = map(tensor, weights.statistics)
    x = F.relu(F.batch_norm(F.conv2d(same(x, 3, 2), tensor(weights.stem), None, 2), mean, variance, scale, shift, eps=1e-3))
    x = F.max_pool2d(same(x, 3, 2, -float("inf"), upper=False), 3, 2)
    x = F.conv2d(F.pad(x, (1, 0, 2, 1)), tensor(weights.depthwise), groups=8)
    x = x.permute(0, 2, 3, 1) * tensor(weights.factor)
    x = F.hardtanh(x @ tensor(weights.point).T, 0, 6).permute(0, 3, 1, 2)
    x = torch.cat([x, F.conv2d(same(x, 3, 1), tensor(weights.wide))], 1).permute(0, 2, 3, 1)
    x = x.mean((1, 2)).reshape(x.shape[0], -1)
    return x @ tensor(weights.dense).T + tensor(weights.bias)


class Writer:
    def __init__(self, kind):
        self.kind, self.nodes, self.constants = kind, [], []

    def constant(self, name, array):
        array = np.asarray(array)
        self.constants.append(numpy_helper.from_array(array.astype(self.kind) if array.dtype == np.float32 else array, name))
        return name

    def __call__(self, op, inputs, name, **attributes):
        inputs = [i if isinstance(i, str) else self.constant(f"{name}/const_{k}", i) for k, i in enumerate(inputs)]
        self.nodes.append(helper.make_node(op, inputs, [name + ":0"], name, **attributes))
        return name + ":0"


def onnx_model(weights, kind):
    w = Writer(kind)
    longs = lambda *numbers: np.array(numbers, np.int64)  # noqa: E731
    scale, shift, mean, variance = weights.statistics
    x = w("Sub", ["input_1:0", weights.mean], "net/preprocess/sub")
    x = w("Transpose", [x], "net/conv1/Conv2D__6", perm=[0, 3, 1, 2])
    x = w("Conv", [x, weights.stem], "net/conv1/Conv2D", auto_pad="SAME_UPPER", strides=[2, 2], kernel_shape=[3, 3])
    x = w("BatchNormalization", [x, scale, shift, mean, variance], "net/bn1/FusedBatchNormV3", epsilon=1e-3)
    x = w("Relu", [x], "net/relu1/Relu")
    x = w("MaxPool", [x], "net/pool1/MaxPool", auto_pad="SAME_LOWER", strides=[2, 2], kernel_shape=[3, 3])
    x = w("Transpose", [x], "net/pool1/MaxPool__9", perm=[0, 2, 3, 1])
    x = w("Transpose", [x], "net/pad/Pad__10", perm=[0, 3, 1, 2])
    x = w("Pad", [x, longs(0, 0, 2, 1, 0, 0, 1, 0)], "net/pad/Pad")
    x = w("Conv", [x, weights.depthwise], "net/dw/depthwise", auto_pad="VALID", group=8, kernel_shape=[3, 3])
    x = w("Transpose", [x], "net/dw/depthwise__14", perm=[0, 2, 3, 1])
    x = w("Mul", [x, weights.factor], "net/scale/mul")
    x = w("MatMul", [x, weights.point.T.copy()], "net/point/MatMul")
    x = w("Clip", [x, np.float32(0), np.float32(6)], "net/relu6/Relu6")
    first = w("Transpose", [x], "net/wide/Conv2D__20", perm=[0, 3, 1, 2])
    x = w("Conv", [first, weights.wide], "net/wide/Conv2D", auto_pad="SAME_UPPER", kernel_shape=[3, 3])
    x = w("Concat", [first, x], "net/concat", axis=1)
    x = w("Transpose", [x], "net/concat__22", perm=[0, 2, 3, 1])
    batch = w("Gather", [w("Cast", [w("Shape", [x], "net/flatten/Shape")], "net/flatten/Shape__25", to=TensorProto.INT64), longs(0)], "net/flatten/strided_slice")
    x = w("ReduceMean", [x], "net/gap/Mean", axes=[1, 2], keepdims=1)
    x = w("Squeeze", [x, longs(1, 2)], "net/gap/Squeeze")
    x = w("Reshape", [x, w("Concat", [batch, longs(12)], "net/flatten/Reshape/shape", axis=0)], "net/flatten/Reshape")
    x = w("Add", [w("MatMul", [x, weights.dense.T.copy()], "net/predictions/MatMul"), weights.bias], "net/predictions/BiasAdd")
    output = w("Softmax", [x], "net/predictions/Softmax", axis=-1)
    kind = TensorProto.FLOAT16 if kind == np.float16 else TensorProto.FLOAT
    graph = helper.make_graph(
        w.nodes, "tf2onnx", [helper.make_tensor_value_info("input_1:0", kind, ["unk__30", *SHAPE[1:]])],
        [helper.make_tensor_value_info(output, kind, ["unk__31", 5])], w.constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 2)], ir_version=7, producer_name="tf2onnx")


def fixture(name, write, score):
    """What make_exporter_fixtures.entry takes. The scores are those before the softmax."""
    inputs = pattern(SHAPE, SCALE)
    for seed in range(500):
        weights = Weights(seed)
        gradient, logits = input_gradient(lambda x: truth(weights, x), score, inputs, torch.float64)
        moved = inputs * (1 + 1e-5 * np.random.default_rng(0).standard_normal(inputs.shape))
        near, _ = input_gradient(lambda x: truth(weights, x), score, moved, torch.float64)
        if np.linalg.norm(gradient) > 1e-2 and relative_l2(near, gradient) < 1e-9:
            break
    else:
        raise RuntimeError("every seed had a kink near the inputs")
    single, _ = input_gradient(lambda x: truth(weights, x), score, inputs, torch.float32)
    write(onnx_model(weights, np.float16 if name.endswith("16") else np.float32), name + ".onnx")
    return name, [name + ".onnx"], inputs, gradient, logits, relative_l2(single, gradient)
