"""Networks that torchvision lacks."""
from torch import nn


class Block(nn.Module):
    """An inverted residual: 1x1 to more channels, depthwise, 1x1 to fewer; ReLU6 behind the first two."""

    def __init__(self, before, after, expansion, kernel, stride):
        super().__init__()
        wide = before * expansion
        layers = []
        if expansion > 1:
            layers += [nn.Conv2d(before, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(inplace=True)]
        layers += [nn.Conv2d(wide, wide, kernel, stride, kernel // 2, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(inplace=True),
                   nn.Conv2d(wide, after, 1, bias=False), nn.BatchNorm2d(after)]
        self.layers = nn.Sequential(*layers)
        self.adds = stride == 1 and before == after

    def forward(self, x):
        return x + self.layers(x) if self.adds else self.layers(x)


def efficientnet_lite0():
    """EfficientNet-Lite0 (Tan and Le, arXiv:1905.11946, without squeeze-and-excitation, ReLU6), 1000 classes, 0.39 G multiplications at 224."""
    layers, before = [nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6(inplace=True)], 32
    stages = [(1, 16, 3, 1, 1), (6, 24, 3, 2, 2), (6, 40, 5, 2, 2), (6, 80, 3, 2, 3), (6, 112, 5, 1, 3), (6, 192, 5, 2, 4), (6, 320, 3, 1, 1)]
    for expansion, after, kernel, stride, count in stages:
        for i in range(count):
            layers.append(Block(before, after, expansion, kernel, stride if i == 0 else 1))
            before = after
    features = nn.Sequential(*layers, nn.Conv2d(before, 1280, 1, bias=False), nn.BatchNorm2d(1280), nn.ReLU6(inplace=True))
    net = nn.Sequential()
    net.add_module("features", features)
    net.add_module("pool", nn.AdaptiveAvgPool2d(1))
    net.add_module("flatten", nn.Flatten())
    net.add_module("classifier", nn.Linear(1280, 1000))
    return net
