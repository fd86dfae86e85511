"""Seeded random weights that keep a network alive. A library of the other scripts.

Weights are scaled layer by layer so that every convolution and linear layer answers noise with unit variance: nothing
vanishes or explodes, neither forward nor backward. Batch norm gets the statistics of that same pass over noise.
"""
import torch
import torch.nn as nn

WEIGHTED = (nn.Conv2d, nn.Linear)


def scale_random_weights(model, noise):
    """One pass over noise: unit variance behind every layer with weights, statistics into every batch norm."""
    hooks = []
    for module in model.modules():
        if isinstance(module, WEIGHTED):
            make_random(module)
            hooks.append(module.register_forward_hook(ScaleOnce()))
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.2)
            module.momentum = 1.0
            module.train()
        elif isinstance(module, (nn.LayerNorm, nn.GroupNorm)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.2)
        if hasattr(module, "layer_scale"):
            nn.init.uniform_(module.layer_scale, 0.5, 1.0)
    with torch.no_grad():
        model(noise)
    for hook in hooks:
        hook.remove()
    model.eval()


def make_random(module):
    """
    torchvision starts some weights at zero (ViT's head), and some biases; the exporter would then store one zero
    tensor for all of them. ConvNeXt starts with residual branches a millionth as strong as what they are added to.
    """
    if not module.weight.any():
        nn.init.kaiming_uniform_(module.weight)
    if module.bias is not None:
        bound = module.weight[0].numel() ** -0.5
        nn.init.uniform_(module.bias, -bound, bound)


class ScaleOnce:
    """Scales a layer when it runs first: the heads of detectors run once for every level of their pyramid."""

    def __init__(self):
        self.done = False

    def __call__(self, module, inputs, output):
        if self.done:
            return output
        self.done = True
        deviation = output.std()
        module.weight.data /= deviation
        if module.bias is not None:
            module.bias.data /= deviation
        return output / deviation
