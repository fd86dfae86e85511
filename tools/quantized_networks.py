"""A small network as quantisers deploy it: computed by PyTorch's fake_quantize, and written as ONNX in several formats.

A library of make_exporter_fixtures.py. `network(backend, x)` says once what is computed; `TorchBackend` does it, after
one pass that finds the ranges, and `OnnxBackend` writes the nodes that onnxruntime.quantization would leave.
"""
import numpy as np
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

TYPES = {"uint8": (0, 255, np.uint8), "int8": (-128, 127, np.int8), "uint16": (0, 65535, np.uint16)}


def network(b, x):
    """[N,3,11,10] -> [N,5]. A range that starts at zero stands for the ReLU that a quantiser removed before it."""
    x = b.quantize("input", x)
    x = b.quantize("relu1", b.conv("conv1", x, "input", stride=2), rectified=True)
    pooled = b.quantize("relu1", b.max_pool("pool", x))
    y = b.quantize("linear2", b.conv("conv2", pooled, "relu1"))
    y = b.quantize("relu2", b.add("add", pooled, y, "relu1", "linear2"), rectified=True)
    z = b.quantize("relu3", b.conv("conv3", pooled, "relu1", kernel=1), rectified=True)
    x = b.quantize("joined", b.concat("concat", {"relu2": y, "relu3": z}))
    x = b.quantize("mean", b.global_average("mean", x, "joined"))
    x = b.quantize("mean", b.flatten("flatten", x))
    return b.quantize("logits", b.dense("dense", x, "mean"))


def moving_network(b, x):
    """[N,3,11,10] -> [N,5], with the integers themselves pooled, turned round and joined."""
    x = b.quantize("input", x)
    x = b.relu("relu1", b.conv("conv1", x, "input"))
    x = b.integers("relu1", x, lambda q: b.concat("joined", {"": b.max_pool("pool", q), "same": b.transpose("turn", q)}))
    x = b.quantize("relu2", b.relu("relu2", b.conv("conv2", x, "relu1", channels=8)))
    x = b.integers("flat", b.global_average("mean", x, "relu2"), lambda q: b.flatten("flatten", q))
    return b.dense("dense", x, "flat")


class Parameters:
    """Random weights, made when first asked for, and the ranges of activations, of all backends of one network."""

    def __init__(self, seed, activations="uint8"):
        self.random = np.random.default_rng(seed)
        self.activations, self.weights, self.ranges, self.quantized = activations, {}, {}, {}

    def weight(self, name, shape):
        """Integers, one scale for each output channel, int32 bias in units of input scale and weight scale later."""
        if name not in self.weights:
            weight = self.random.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))
            scale = (np.abs(weight).reshape(shape[0], -1).max(1) / 127).astype(np.float32)
            integers = np.clip(np.rint(weight / scale.reshape(-1, *[1] * (len(shape) - 1))), -127, 127).astype(np.int8)
            self.weights[name] = integers, scale, self.random.standard_normal(shape[0]).astype(np.float32) / 4
        return self.weights[name]

    def quantization(self, key):
        """Scale and zero point, as onnxruntime's calibration has them: the range always holds zero."""
        if key not in self.quantized:
            low, high = self.ranges[key]
            low, high = min(low, 0.0), max(high, 0.0)
            first, last, _ = TYPES[self.activations]
            scale = np.float32((high - low) / (last - first))
            self.quantized[key] = scale, int(np.clip(np.rint(first - low / scale), first, last))
        return self.quantized[key]

    def bias(self, name, input_key):
        """int32 and its scales."""
        integers, scale, bias = self.weights[name]
        unit = (self.quantization(input_key)[0] * scale).astype(np.float32)
        return np.rint(bias / unit).astype(np.int32), unit


class TorchBackend:
    def __init__(self, parameters, dtype, calibrate=False):
        self.parameters, self.dtype, self.calibrate = parameters, dtype, calibrate

    def quantize(self, key, x, rectified=False):
        if self.calibrate:
            # Narrower than what was seen, so that ranges saturate on both sides.
            shrunk = 0.77 * x.detach().numpy()
            low, high = self.parameters.ranges.get(key, (0.0, 0.0))
            self.parameters.ranges[key] = (0.0 if rectified else min(low, shrunk.min())), max(high, shrunk.max())
            return x.clamp(min=0) if rectified else x
        scale, zero = self.parameters.quantization(key)
        return torch.fake_quantize_per_tensor_affine(x, float(scale), zero, *TYPES[self.parameters.activations][:2])

    def integers(self, key, x, function):
        return function(self.quantize(key, x))

    def tensor(self, array):
        return torch.from_numpy(np.asarray(array, np.float64)).to(self.dtype)

    def weighted(self, name, shape, key):
        integers, scale, bias = self.parameters.weight(name, shape)
        weight = self.tensor(integers) * self.tensor(scale).reshape(-1, *[1] * (len(shape) - 1))
        if self.calibrate:
            return weight, self.tensor(bias)
        quantized, unit = self.parameters.bias(name, key)
        return weight, self.tensor(quantized) * self.tensor(unit)

    def conv(self, name, x, key, stride=1, kernel=3, channels=6):
        weight, bias = self.weighted(name, (channels, x.shape[1], kernel, kernel), key)
        return F.conv2d(x, weight, bias, stride, kernel // 2)

    def dense(self, name, x, key):
        return F.linear(x, *self.weighted(name, (5, x.shape[1]), key))

    def max_pool(self, name, x):
        return F.max_pool2d(x, 3, 1, 1)

    def transpose(self, name, x):
        return x.transpose(2, 3).reshape(x.shape)

    def add(self, name, x, y, *keys):
        return x + y

    def concat(self, name, parts):
        return torch.cat(list(parts.values()), 1)

    def relu(self, name, x):
        return F.relu(x)

    def global_average(self, name, x, key):
        return x.mean((2, 3), keepdim=True)

    def flatten(self, name, x):
        return x.flatten(1)


class OnnxBackend:
    """The QDQ format. Tensors are names."""

    def __init__(self, parameters, style, channels=3):
        self.parameters, self.style, self.nodes, self.constants, self.channels = parameters, style, [], {}, {"x": channels}

    def constant(self, name, array):
        self.constants.setdefault(name, numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(self, op, inputs, name, domain="", channels=None, **attributes):
        output = name + "_out"
        self.nodes.append(helper.make_node(op, inputs, [output], name, domain=domain, **attributes))
        self.channels[output] = channels or self.channels.get(inputs[0])
        return output

    def scale_and_zero(self, key):
        scale, zero = self.parameters.quantization(key)
        kind = TYPES[self.parameters.activations][2]
        return [self.constant(key + "_scale", np.float32(scale)), self.constant(key + "_zero_point", kind(zero))]

    @property
    def domain(self):
        return "com.microsoft" if self.style == "microsoft" else ""

    def unique(self, name):
        taken = {n.name for n in self.nodes}
        return next(n for n in [name, *(f"{name}_{i}" for i in range(2, 99))] if n not in taken)

    def quantize(self, key, x, rectified=False):
        return self.integers(key, x, lambda q: q)

    def integers(self, key, x, function):
        parameters = self.scale_and_zero(key)
        q = self.node("QuantizeLinear", [x, *parameters], self.unique(x + "_QuantizeLinear"), self.domain)
        q = function(q)
        return self.node("DequantizeLinear", [q, *parameters], self.unique(x + "_DequantizeLinear"), self.domain)

    def weighted(self, name, shape, key):
        integers, scale, _ = self.parameters.weight(name, shape)
        scales = self.constant(name + "_weight_scale", scale)
        if self.style == "floats":
            weight = self.constant(name + ".weight", integers * scale.reshape(-1, *[1] * (len(shape) - 1)))
            zeros = self.constant(name + "_weight_zero_point", np.zeros(len(scale), np.int8))
            weight = self.node("QuantizeLinear", [weight, scales, zeros], name + "_weight_QuantizeLinear", axis=0)
        else:
            weight = self.constant(name + "_weight_quantized", integers)
            zeros = self.constant(name + "_weight_zero_point", np.zeros(len(scale), np.int8))
        weight = self.node("DequantizeLinear", [weight, scales, zeros], name + "_weight_DequantizeLinear", self.domain, axis=0)
        quantized, unit = self.parameters.bias(name, key)
        if self.style == "floats":
            return weight, self.constant(name + ".bias", (quantized * unit.astype(np.float64)).astype(np.float32))
        bias = self.node("DequantizeLinear", [self.constant(name + "_bias_quantized", quantized), self.constant(name + "_bias_scale", unit)],
                         name + "_bias_DequantizeLinear", self.domain, axis=0)
        return weight, bias

    def conv(self, name, x, key, stride=1, kernel=3, channels=6):
        weight, bias = self.weighted(name, (channels, self.channels[x], kernel, kernel), key)
        return self.node("Conv", [x, weight, bias], name, channels=channels, **self.window(kernel, stride))

    @staticmethod
    def window(kernel, stride):
        return {"kernel_shape": [kernel, kernel], "strides": [stride, stride], "pads": [kernel // 2] * 4}

    def dense(self, name, x, key):
        weight, bias = self.weighted(name, (5, self.channels[x]), key)
        return self.node("Gemm", [x, weight, bias], name, transB=1)

    def max_pool(self, name, x):
        return self.node("MaxPool", [x], name, **self.window(3, 1))

    def transpose(self, name, x):
        """There and, by way of another shape, back."""
        turned = self.node("Transpose", [x], name + "_turn", perm=[0, 1, 3, 2])
        return self.node("Reshape", [turned, self.node("Shape", [x], name + "_shape")], name)

    def add(self, name, x, y, *keys):
        return self.node("Add", [x, y], name)

    def concat(self, name, parts):
        return self.node("Concat", list(parts.values()), name, axis=1, channels=self.total(parts))

    def total(self, parts):
        return sum(self.channels[x] for x in parts.values())

    def relu(self, name, x):
        return self.node("Relu", [x], name)

    def global_average(self, name, x, key):
        return self.node("GlobalAveragePool", [x], name)

    def flatten(self, name, x):
        return self.node("Reshape", [x, self.constant(name + "_shape", np.array([0, -1], np.int64))], name)

    def model(self, output, shape, opset=13):
        graph = helper.make_graph(
            self.nodes, "quantized", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *shape[1:]])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", 5])], list(self.constants.values()))
        imports = [helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=imports, ir_version=8, producer_name="onnx.quantize")


class QOperatorBackend(OnnxBackend):
    """The QOperator format: tensors are names of integers, and an operator waits for the scale of its result."""

    def quantize(self, key, x, rectified=False):
        parameters = self.scale_and_zero(key)
        if callable(x):
            return x(parameters)
        return self.node("QuantizeLinear", [x, *parameters], "quantize") if x == "x" else x

    def weights(self, name, shape, key):
        integers, scale, _ = self.parameters.weight(name, shape)
        bias, _ = self.parameters.bias(name, key)
        return ([self.constant(name + "_weight_quantized", integers), self.constant(name + "_weight_scale", scale),
                 self.constant(name + "_weight_zero_point", np.zeros(len(scale), np.int8))],
                self.constant(name + "_bias_quantized", bias))

    def waiting(self, op, inputs, name, domain="com.microsoft", **attributes):
        return lambda result: self.node(op, inputs + result, name, domain, **attributes)

    def conv(self, name, x, key, stride=1, kernel=3, channels=6):
        weight, bias = self.weights(name, (channels, self.channels[x], kernel, kernel), key)
        inputs = [x, *self.scale_and_zero(key), *weight]
        return lambda result: self.node("QLinearConv", [*inputs, *result, bias], name, channels=channels, **self.window(kernel, stride))

    def dense(self, name, x, key):
        weight, bias = self.weights(name, (5, self.channels[x]), key)
        inputs = [x, *self.scale_and_zero(key), *weight, bias]
        return self.waiting("QGemm", inputs, name, transB=1)

    def add(self, name, x, y, *keys):
        return self.waiting("QLinearAdd", [x, *self.scale_and_zero(keys[0]), y, *self.scale_and_zero(keys[1])], name)

    def concat(self, name, parts):
        inputs = [i for key, x in parts.items() for i in (x, *self.scale_and_zero(key))]
        return lambda result: self.node("QLinearConcat", [*result, *inputs], name, "com.microsoft", axis=1, channels=self.total(parts))

    def global_average(self, name, x, key):
        return self.waiting("QLinearGlobalAveragePool", [x, *self.scale_and_zero(key)], name, channels_last=0)

    def model(self, output, shape, opset=13):
        real = self.node("DequantizeLinear", [output, *self.scale_and_zero("logits")], "dequantize")
        return super().model(real, shape, opset)
