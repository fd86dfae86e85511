"""torchvision classifiers with seeded random weights (or weights from a file), as they stand or made smooth.

A library of export_torchvision.py and parity.py. Random weights are scaled layer by layer so that every convolution
and linear layer answers noise with unit variance: nothing vanishes or explodes, neither forward nor backward. Batch
norm gets the statistics of that same pass over noise.
"""
import torch
import torch.fx
import torch.nn as nn
import torch.nn.functional as F
import torchvision

DEFAULT_NAMES = ["alexnet", "vgg16", "googlenet", "resnet18", "squeezenet1_1", "mobilenet_v2"]
WITH_AUXILIARY_HEADS = ("googlenet", "inception_v3")


def build(name, smooth=False, seed=0, weights=None):
    """The network in eval mode. `weights` is a .pth state dict of torchvision's; without it they are random."""
    torch.manual_seed(seed)
    model = torchvision.models.get_model(name, weights=None, **options(name, weights)).eval()
    if weights is not None:
        model.load_state_dict(torch.load(weights, map_location="cpu"))
    if smooth:
        model = make_smooth(model)
    if weights is None:
        scale_random_weights(model, torch.randn(4, 3, size_of(name), size_of(name)))
    return model.requires_grad_(False)


def size_of(name):
    return 299 if name == "inception_v3" else 224


def options(name, weights):
    """Pretrained GoogLeNet and Inception carry auxiliary heads, and expect RGB in the ImageNet convention."""
    if name not in WITH_AUXILIARY_HEADS:
        return {}
    pretrained = weights is not None
    return {"init_weights": False, "aux_logits": pretrained, "transform_input": pretrained}


def make_smooth(model):
    """The same network with every ReLU and ReLU6 a Softplus and every max pool an average pool of its geometry."""
    traced = torch.fx.symbolic_trace(model)
    for module in list(traced.modules()):
        for child_name, child in module.named_children():
            replacement = smooth_module(child)
            if replacement is not None:
                setattr(module, child_name, replacement)
    for node in traced.graph.nodes:
        make_node_smooth(node)
    traced.recompile()
    return traced


def smooth_module(module):
    if isinstance(module, (nn.ReLU, nn.ReLU6)):
        return nn.Softplus()
    if isinstance(module, nn.MaxPool2d):
        require_no_dilation(module.dilation)
        return nn.AvgPool2d(module.kernel_size, module.stride, module.padding, module.ceil_mode, False)
    return None


def make_node_smooth(node):
    """What smooth_module does, for calls of functions and of tensor methods."""
    if node.target in (F.relu, F.relu6, torch.relu, "relu", "relu_"):
        node.op, node.target, node.args, node.kwargs = "call_function", F.softplus, node.args[:1], {}
    elif node.target in (F.max_pool2d, torch.max_pool2d):
        names = ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode")
        given = {**dict(zip(names, node.args)), **node.kwargs}
        require_no_dilation(given.get("dilation", 1))
        node.target, node.args = F.avg_pool2d, ()
        node.kwargs = {key: given[key] for key in given if key not in ("dilation", "return_indices")}
        node.kwargs = {**node.kwargs, "count_include_pad": False}


def require_no_dilation(dilation):
    if dilation not in (1, (1, 1)):
        raise ValueError("a dilated max pool has no average pool of the same geometry")


def scale_random_weights(model, noise):
    """One pass over noise: unit variance behind every layer with weights, statistics into every batch norm."""
    hooks = []
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            make_bias_random(module)
            hooks.append(module.register_forward_hook(scale_to_unit_variance))
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.2)
            module.momentum = 1.0
            module.train()
    with torch.no_grad():
        model(noise)
    for hook in hooks:
        hook.remove()
    model.eval()


def make_bias_random(module):
    """torchvision starts some biases at zero; the exporter would then store one zero tensor for all of them."""
    if module.bias is not None:
        bound = module.weight[0].numel() ** -0.5
        nn.init.uniform_(module.bias, -bound, bound)


def scale_to_unit_variance(module, inputs, output):
    deviation = output.std()
    module.weight.data /= deviation
    if module.bias is not None:
        module.bias.data /= deviation
    return output / deviation
