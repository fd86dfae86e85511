"""Runs an ONNX graph in PyTorch, in any precision, with a choice of ReLU rule. A library of the other scripts.

    network = OnnxNetwork("vgg16-body.onnx", torch.float64)
    pool5 = network(x, "pool5", rule="guided")        # x needs a gradient: pool5.mean().backward() fills x.grad

It knows the operators of the two carried networks and of tiny_networks.py and is written for being read, not for
speed. float16 tensors and Casts to float16 are computed in the precision asked for (design section 7).
"""
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


class RectifiedWithRule(torch.autograd.Function):
    """clamp(x, low, high) whose backward pass follows the guided or the deconv rule.

    guided (Springenberg et al. 2015): the plain gradient, where the incoming gradient is positive.
    deconv (Zeiler and Fergus 2014): the incoming gradient where positive, whatever the input was.
    """

    @staticmethod
    def forward(context, x, low, high, rule):
        context.save_for_backward((x > low) & (x < high))
        context.rule = rule
        return x.clamp(low, high)

    @staticmethod
    def backward(context, gradient):
        positive = gradient.clamp(min=0)
        inside, = context.saved_tensors
        return (positive * inside if context.rule == "guided" else positive), None, None, None


def rectify(x, low, high, rule):
    """Relu and Clip. At the bounds of Clip(0, 6) the plain gradient is 0, as PyTorch's ReLU6 has it."""
    if rule != "default":
        return RectifiedWithRule.apply(x, low, high, rule)
    return F.relu(x) if high == float("inf") else F.hardtanh(x, low, high)


def slice_axes(x, starts, ends, axes=None, steps=None):
    axes = axes.tolist() if axes is not None else range(len(starts))
    steps = steps.tolist() if steps is not None else [1] * len(starts)
    for axis, start, end, step in zip(axes, starts.tolist(), ends.tolist(), steps):
        kept = list(range(x.shape[axis]))[start:end:step]
        x = x.index_select(axis, torch.tensor(kept, dtype=torch.int64))
    return x


def pad(x, amounts, value=0.0):
    """`amounts` as ONNX has them, all beginnings, then all ends, of the last axes."""
    amounts = list(amounts)
    rank = len(amounts) // 2
    pairs = [(amounts[axis], amounts[axis + rank]) for axis in range(rank)]
    return F.pad(x, [int(amount) for pair in reversed(pairs) for amount in pair], value=value)


class OnnxNetwork:
    """An ONNX model as a function of its one input. Weights are converted to `dtype` when loaded."""

    def __init__(self, path, dtype=torch.float32):
        model = onnx.load(str(path))
        self.dtype = dtype
        self.nodes = list(model.graph.node)
        self.constants = {t.name: self.tensor(numpy_helper.to_array(t)) for t in model.graph.initializer}
        self.input = next(i.name for i in model.graph.input if i.name not in self.constants)
        self.output = model.graph.output[0].name

    def tensor(self, array):
        tensor = torch.from_numpy(np.array(array))
        return tensor.to(self.dtype) if tensor.is_floating_point() else tensor

    def __call__(self, x, output=None, rule="default"):
        """The tensor named `output` (default: the model's first output) for the input x."""
        output = output or self.output
        values = {**self.constants, self.input: x, "": None}
        for node in self.needed_for(output):
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            values[node.output[0]] = self.compute(node, [values[name] for name in node.input], attributes, rule)
        return values[output]

    def needed_for(self, output):
        wanted, needed = {output}, []
        for node in reversed(self.nodes):
            if wanted & set(node.output):
                needed.append(node)
                wanted |= set(node.input)
        return reversed(needed)

    def compute(self, node, x, a, rule):
        method = getattr(self, "op_" + node.op_type, None)
        if method is not None:
            return method(x, a)
        if node.op_type == "Relu":
            return rectify(x[0], 0.0, float("inf"), rule)
        if node.op_type == "Clip":
            low, high = (x + [None, None])[1:3]
            low = a.get("min", -float("inf")) if low is None else float(low)
            high = a.get("max", float("inf")) if high is None else float(high)
            return rectify(x[0], low, high, rule)
        raise NotImplementedError(f"{node.op_type} (node {node.name})")

    def op_Constant(self, x, a):
        return self.tensor(numpy_helper.to_array(a["value"]))

    def op_Cast(self, x, a):
        floating = a["to"] in (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.DOUBLE)
        return x[0].to(self.dtype if floating else torch.int64)

    def op_ConstantOfShape(self, x, a):
        value = self.tensor(numpy_helper.to_array(a["value"])) if "value" in a else torch.zeros(1, dtype=self.dtype)
        return value.expand(x[0].tolist())

    def op_Conv(self, x, a):
        padded = pad(x[0], a.get("pads", [0, 0, 0, 0]))
        bias = x[2] if len(x) > 2 else None
        return F.conv2d(padded, x[1], bias, a.get("strides", 1), 0, a.get("dilations", 1), a.get("group", 1))

    def op_Gemm(self, x, a):
        left = x[0].t() if a.get("transA", 0) else x[0]
        right = x[1].t() if a.get("transB", 0) else x[1]
        return a.get("alpha", 1.0) * left @ right + a.get("beta", 1.0) * x[2]

    def op_BatchNormalization(self, x, a):
        return F.batch_norm(x[0], x[3], x[4], x[1], x[2], False, 0.0, a.get("epsilon", 1e-5))

    def op_MaxPool(self, x, a):
        padded = pad(x[0], a.get("pads", [0, 0, 0, 0]), -float("inf"))
        return F.max_pool2d(padded, a["kernel_shape"], a.get("strides", 1), 0, a.get("dilations", 1),
                            bool(a.get("ceil_mode", 0)))

    def op_AveragePool(self, x, a):
        def pool(values):
            return F.avg_pool2d(pad(values, a.get("pads", [0, 0, 0, 0])), a["kernel_shape"], a.get("strides", 1), 0,
                                bool(a.get("ceil_mode", 0)))
        return pool(x[0]) if a.get("count_include_pad", 0) else pool(x[0]) / pool(torch.ones_like(x[0]))

    def op_GlobalAveragePool(self, x, a):
        return x[0].mean((2, 3), keepdim=True)

    def op_LRN(self, x, a):
        return F.local_response_norm(x[0], a["size"], a.get("alpha", 1e-4), a.get("beta", 0.75), a.get("bias", 1.0))

    def op_Pad(self, x, a):
        if a.get("mode", b"constant") != b"constant" or (len(x) > 2 and float(x[2]) != 0):
            raise NotImplementedError("Pad with anything but zeros")
        return pad(x[0], x[1] if len(x) > 1 else a["pads"])

    def op_Reshape(self, x, a):
        shape = [x[0].shape[i] if size == 0 else size for i, size in enumerate(x[1].tolist())]
        return x[0].reshape(shape)

    def op_Slice(self, x, a):
        return slice_axes(*x)

    def op_Transpose(self, x, a):
        return x[0].permute(a["perm"])

    def op_Concat(self, x, a):
        return torch.cat(x, a["axis"])

    def op_Flatten(self, x, a):
        return x[0].flatten(a.get("axis", 1))

    def op_Add(self, x, a):
        return x[0] + x[1]

    def op_Sum(self, x, a):
        return sum(x)

    def op_Mul(self, x, a):
        return x[0] * x[1]

    def op_Sigmoid(self, x, a):
        return torch.sigmoid(x[0])

    def op_Softplus(self, x, a):
        return F.softplus(x[0])

    def op_Identity(self, x, a):
        return x[0]

    def op_Dropout(self, x, a):
        return x[0]
