"""Which of torchvision's networks are compared with PyTorch, on pictures of which size. A library of the other scripts.

Heavy networks get smaller pictures wherever their code allows it: what is checked is the graph, and float64 on two
cores is slow. The order is that of the work: cheap families first.
"""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Network:
    """`size` is the side of the square input."""

    name: str
    size: int

    def input_shape(self, batch):
        return batch, 3, self.size, self.size


FAMILIES = [
    (224, "squeezenet1_1 resnet18 mobilenet_v2 alexnet googlenet"),
    (128, "squeezenet1_0 shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5 shufflenet_v2_x2_0"),
    (128, "mobilenet_v3_small mobilenet_v3_large mnasnet0_5 mnasnet0_75 mnasnet1_0 mnasnet1_3 efficientnet_b0"),
    (128, "regnet_y_400mf regnet_x_400mf regnet_y_800mf regnet_x_800mf regnet_y_1_6gf regnet_x_1_6gf"),
    (128, "resnet34 resnet50 resnext50_32x4d densenet121 densenet169 efficientnet_b1 efficientnet_b2 efficientnet_b3"),
    (128, "lraspp_mobilenet_v3_large deeplabv3_mobilenet_v3_large convnext_tiny"),
    (299, "inception_v3"),
    (224, "vit_b_32"),
    (112, "swin_t"),
    (160, "ssdlite320_mobilenet_v3_large fasterrcnn_mobilenet_v3_large_320_fpn fasterrcnn_mobilenet_v3_large_fpn"),
    (128, "fcn_resnet50 deeplabv3_resnet50 fasterrcnn_resnet50_fpn fasterrcnn_resnet50_fpn_v2"),
    (128, "retinanet_resnet50_fpn retinanet_resnet50_fpn_v2 fcos_resnet50_fpn"),
    (300, "ssd300_vgg16"),
    (128, "regnet_y_3_2gf regnet_x_3_2gf densenet201 densenet161 efficientnet_b4 efficientnet_v2_s convnext_small"),
    (128, "resnet101 resnet152 wide_resnet50_2 regnet_x_8gf regnet_y_8gf efficientnet_b5 efficientnet_v2_m"),
    (112, "swin_s"),
    (224, "vgg11 vgg11_bn vgg13 vgg13_bn vgg16 vgg16_bn vit_b_16 maxvit_t"),
    (128, "fcn_resnet101 deeplabv3_resnet101 wide_resnet101_2 resnext101_32x8d resnext101_64x4d convnext_base"),
    (128, "regnet_x_16gf regnet_y_16gf efficientnet_b6 efficientnet_b7"),
    (112, "swin_b"),
]

NETWORKS = {name: Network(name, size) for size, names in FAMILIES for name in names.split()}

# As tools/conditioning.py prints it: rounding the picture to float32, and all else in float64, moves logits and gradient so far.
CHAOTIC = {
    "efficientnet_b4": "1.0e-05 and 1.5e-04",
    "efficientnet_b5": "1.2e-03 and 1.1e-01",
    "efficientnet_b7": "3.3e-01 and 2.1e+01",
    "efficientnet_v2_m": "1.6e-01 and 4.7e+00",
}

LEFT_OUT = {
    "vgg19 vgg19_bn": "VGG-16 with three more convolutions, 550 MB each",
    "vit_l_16 vit_l_32 vit_h_14": "vit_b_* with more blocks, 1.2 to 2.5 GB each",
    "convnext_large efficientnet_v2_l": "the base and medium sizes with more blocks and channels, 0.5 to 0.8 GB each",
    "regnet_x_32gf regnet_y_32gf regnet_y_128gf": "regnet_*_16gf with more channels, 0.4 to 2.6 GB each",
    "maskrcnn_resnet50_fpn keypointrcnn_resnet50_fpn": "backbone and heads of fasterrcnn_resnet50_fpn",
    "maskrcnn_resnet50_fpn_v2": "backbone and heads of fasterrcnn_resnet50_fpn_v2",
    "swin_v2_t swin_v2_s swin_v2_b": "PyTorch 1.13 does not export them (aten::zero)",
    "r3d_18 mc3_18 r2plus1d_18 s3d mvit_v1_b mvit_v2_s": "videos: no input that could be a picture, which the program says",
    "raft_small raft_large": "two pictures and no class: optical flow",
    "quantized_*": "PyTorch's eager quantisation: no exporter of 1.13 writes it",
}


def network_of(name):
    """Networks that are not in the table get 224 pixels."""
    return NETWORKS.get(name, Network(name, 224))
