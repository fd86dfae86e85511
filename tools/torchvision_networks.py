"""torchvision's networks as functions of one picture, with seeded random weights (or weights from a file).

A library of the other scripts. Classifiers are as they are. A segmentation network answers with its maps `out` (and
`aux`), a detector with what its heads say at every anchor, before boxes are decoded and filtered: what is left of it
has no control flow, and is what people deploy when they write the post-processing themselves.
"""
import torch
import torch.nn as nn
import torchvision
from torchvision.models import detection, segmentation

from random_weights import scale_random_weights
from smooth_network import SmoothNetwork
from torchvision_zoo import network_of

WITH_AUXILIARY_HEADS = ("googlenet", "inception_v3")


def build(name, smooth=False, seed=0, weights=None):
    """The network in eval mode. `weights` is a .pth state dict of torchvision's; without it they are random."""
    torch.manual_seed(seed)
    model = torchvision.models.get_model(name, weights=None, **arguments(name, weights)).eval()
    if weights is not None:
        model.load_state_dict(torch.load(weights, map_location="cpu"))
    model = picture_function(name, model)
    if smooth:
        model = SmoothNetwork(model).eval()
    if weights is None:
        scale_random_weights(model, torch.randn(network_of(name).input_shape(4)))
    return model.requires_grad_(False)


def kind_of(name):
    """classification, segmentation or detection."""
    for module in (segmentation, detection):
        if name in torchvision.models.list_models(module):
            return module.__name__.rsplit(".", 1)[-1]
    return "classification"


def arguments(name, weights):
    """GoogLeNet and Inception take RGB in the ImageNet convention; pretrained, they carry auxiliary heads."""
    kind = kind_of(name)
    if name in WITH_AUXILIARY_HEADS:
        return {"init_weights": False, "aux_logits": weights is not None, "transform_input": True}
    if kind == "segmentation":
        return {"weights_backbone": None, **({} if name.startswith("lraspp") else {"aux_loss": True})}
    return {"weights_backbone": None} if kind == "detection" else {}


def picture_function(name, model):
    kind = kind_of(name)
    if kind == "segmentation":
        return Segmenter(model)
    if kind == "detection":
        return TwoStageDetector(model) if hasattr(model, "rpn") else OneStageDetector(model)
    return model


class Segmenter(nn.Module):
    """[N,3,H,W] to [N,21,H,W], one tensor or two."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return tuple(self.model(x).values())


class OneStageDetector(nn.Module):
    """[N,3,H,W] to [N,classes,anchors] (classes first, as in every other network), [N,anchors,4] and what else there is."""

    def __init__(self, model):
        super().__init__()
        self.backbone, self.head = model.backbone, model.head

    def forward(self, x):
        answers = self.head(list(self.backbone(x).values()))
        scores = answers.pop("cls_logits")
        return (scores.transpose(1, 2), *(answers[key] for key in sorted(answers)))


class TwoStageDetector(nn.Module):
    """[N,3,H,W] to the objectness [N,anchors,h,w] at every level of the pyramid, then the boxes [N,4*anchors,h,w]."""

    def __init__(self, model):
        super().__init__()
        self.backbone, self.head = model.backbone, model.rpn.head

    def forward(self, x):
        objectness, boxes = self.head(list(self.backbone(x).values()))
        return (*objectness, *boxes)
