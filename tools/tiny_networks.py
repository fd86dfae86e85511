"""Four narrow classifiers that hold, between them, what torchvision's networks are made of.

A library of make_reference_fixtures.py. Each takes [N,3,25,23], answers [N,5] and has about a thousand weights, so that
it fits in the repository at several opsets. Odd sizes on purpose: pools and strides do not divide them.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

INPUT_SHAPE = (2, 3, 25, 23)


class OneNode(torch.autograd.Function):
    """Becomes the ONNX node that PyTorch's own exporter would spell out or leave away."""

    @staticmethod
    def forward(context, x, operator, attributes):
        return x.clone()

    @staticmethod
    def symbolic(graph, x, operator, attributes):
        return graph.op(operator, x, **attributes)


class ResponseNorm(nn.Module):
    def forward(self, x):
        if torch.onnx.is_in_onnx_export():
            return OneNode.apply(x, "LRN", {"size_i": 3, "alpha_f": 0.5, "beta_f": 0.75, "bias_f": 1.0})
        return F.local_response_norm(x, 3, alpha=0.5, beta=0.75, k=1.0)


class LeftoverDropout(nn.Module):
    """Dropout that somebody forgot to remove from a deployed network; it does nothing when it is run."""

    def forward(self, x):
        return OneNode.apply(x, "Dropout", {}) if torch.onnx.is_in_onnx_export() else x


def alexnet_like():
    """Strided and grouped convolutions, LRN, overlapping max pools, AdaptiveAvgPool, Dropout, two Gemm."""
    return nn.Sequential(
        nn.Conv2d(3, 6, 5, stride=2, padding=2), nn.ReLU(), ResponseNorm(), nn.MaxPool2d(3, 2),
        nn.Conv2d(6, 8, 3, padding=1, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
        nn.AdaptiveAvgPool2d((1, 3)), nn.Flatten(), LeftoverDropout(), nn.Linear(24, 12), nn.ReLU(),
        LeftoverDropout(), nn.Linear(12, 5))


class MobilenetLike(nn.Module):
    """ReLU6 (also as PyTorch exports its function form, Relu and then Clip with a maximum only; often at either bound),
    depthwise dilated convolution, Add, a batch norm that cannot be folded, GlobalAveragePool.
    """


    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8))
        self.block = nn.Sequential(nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=8), nn.ReLU6(), nn.Conv2d(8, 8, 1))
        self.head = nn.Sequential(nn.BatchNorm2d(8), nn.ReLU6(), nn.Conv2d(8, 12, 1, bias=False), nn.BatchNorm2d(12),
                                  nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(12, 5))

    def forward(self, x):
        x = F.relu6(4 * self.stem(x))
        return self.head(x + self.block(x))


class GooglenetLike(nn.Module):
    """Concat, max pools with ceil_mode and with stride 1, average pools counting padding or not, 1x3 kernels."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True))
        self.one = nn.Conv2d(6, 3, 1)
        self.wide = nn.Conv2d(6, 3, (1, 3), padding=(0, 1))
        self.far = nn.Conv2d(6, 3, 3, padding=2, dilation=2)
        self.pooled = nn.Sequential(nn.MaxPool2d(3, 1, padding=1, ceil_mode=True), nn.Conv2d(6, 3, 1))
        self.averaged = nn.Sequential(nn.AvgPool2d(3, 1, padding=1), nn.Conv2d(6, 3, 1))
        self.head = nn.Sequential(nn.ReLU(), nn.AvgPool2d(3, 2, padding=1, count_include_pad=False),
                                  nn.AvgPool2d(2, 2, ceil_mode=True), nn.Conv2d(15, 5, 1), nn.ReLU(),
                                  nn.AdaptiveAvgPool2d(1), nn.Flatten())

    def forward(self, x):
        x = self.stem(x)
        branches = [self.one(x), self.wide(x), self.far(x), self.pooled(x), self.averaged(x)]
        return self.head(torch.cat(branches, 1))


class EfficientnetLike(nn.Module):
    """SiLU, squeeze and excitation, asymmetric padding before strided convolutions of even and odd sizes."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 8, 3, stride=2), nn.SiLU())
        self.down = nn.Sequential(nn.Conv2d(8, 8, 3, stride=2, padding=1, groups=8), nn.SiLU())
        self.excite = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 4, 1), nn.SiLU(), nn.Conv2d(4, 8, 1),
                                    nn.Sigmoid())
        self.project = nn.Conv2d(8, 8, 1)
        self.head = nn.Sequential(nn.Conv2d(8, 12, 1), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                                  nn.Linear(12, 5))

    def forward(self, x):
        x = self.down(self.stem(x))
        return self.head(x + self.project(x * self.excite(x)))


NETWORKS = {"alexnet-like": alexnet_like, "mobilenet-like": MobilenetLike, "googlenet-like": GooglenetLike,
            "efficientnet-like": EfficientnetLike}
