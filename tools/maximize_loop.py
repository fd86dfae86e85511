"""The loop of `onnxviz maximize --param tensor --transforms none` written a second time, in PyTorch.

A library of maximize_reference.py and make_reference_fixtures.py. Every row x[u] of a batch maximises its own unit:
its loss is -objective + regularisers, and the rows' losses are only added up to be differentiated at once. The
formulas are those of design section 7; gradients are normalised for each row by itself,
rms: g / (sqrt(mean g^2) + 1e-8), l2: g / (sqrt(sum g^2) + 1e-8).
"""
import dataclasses

import torch
import torch.nn.functional as F

OBJECTIVES = {
    "mean": lambda a: a.mean((1, 2)),
    "center": lambda a: a[:, a.shape[1] // 2, a.shape[2] // 2],
    "max": lambda a: a.flatten(1).max(1).values,
    "rms": lambda a: (a * a).mean((1, 2)).sqrt(),
    "target": lambda a: -((a - out_of_reach(a)) ** 2).mean((1, 2)),
}
OPTIMIZERS = {
    "adam": lambda x, lr: torch.optim.Adam([x], lr),
    "sgd": lambda x, lr: torch.optim.SGD([x], lr),
    "momentum": lambda x, lr: torch.optim.SGD([x], lr, momentum=0.9),
    "rmsprop": lambda x, lr: torch.optim.RMSprop([x], lr, alpha=0.99, eps=1e-8),
}


@dataclasses.dataclass(frozen=True)
class Case:
    """One call of `maximize`. `regularizers` maps the option's name to its weight."""
    name: str
    objective: str = "mean"
    optimizer: str = "adam"
    lr: float = 1.0
    normalize: str = "none"
    regularizers: dict = dataclasses.field(default_factory=dict)
    tv_beta: float = 2.0
    alpha: float = 6.0

    def options(self):
        """The same as command-line options."""
        options = ["--objective", self.objective, "--optimizer", self.optimizer, "--lr", repr(self.lr),
                   "--normalize-gradient", self.normalize]
        for name, weight in self.regularizers.items():
            options += ["--" + name, repr(weight)]
        if "tv" in self.regularizers and self.tv_beta != 2:
            options += ["--tv-beta", repr(self.tv_beta)]
        if "alpha-norm" in self.regularizers and self.alpha != 6:
            options += ["--alpha", repr(self.alpha)]
        return options


def out_of_reach(a):
    """The target: the square of the map's maximum, a constant as far as the gradient goes."""
    return (a.detach().flatten(1).max(1).values ** 2)[:, None, None]


def l1(x, case):
    return x.abs().sum((1, 2, 3))


def l2(x, case):
    return (x * x).sum((1, 2, 3))


def alpha_norm(x, case):
    return (x.abs() ** case.alpha).sum((1, 2, 3))


def total_variation(x, case):
    """A difference over the edge is 0. Where both differences are 0 the gradient is 0 for every beta."""
    to_right = F.pad(x[..., :, 1:] - x[..., :, :-1], (0, 1))
    to_below = F.pad(x[..., 1:, :] - x[..., :-1, :], (0, 0, 0, 1))
    squares = to_right ** 2 + to_below ** 2
    flat = squares == 0
    powers = torch.where(flat, torch.ones_like(squares), squares) ** (case.tv_beta / 2)
    return torch.where(flat, torch.zeros_like(squares), powers).sum((1, 2, 3))


def scharr(x, case):
    """Root mean square over channels, both directions and inner positions of the Scharr-filtered picture."""
    across = torch.tensor([[3.0, 0.0, -3.0], [10.0, 0.0, -10.0], [3.0, 0.0, -3.0]], dtype=x.dtype)
    kernels = torch.stack([across, across.t()])[:, None].repeat(x.shape[1], 1, 1, 1)
    filtered = F.conv2d(x, kernels, groups=x.shape[1])
    return (filtered ** 2).mean((1, 2, 3)).sqrt()


REGULARIZERS = {"l1": l1, "l2": l2, "tv": total_variation, "alpha-norm": alpha_norm, "scharr": scharr}


def objective(network, x, layer, units, case):
    activation = network(x, layer)[torch.arange(len(units)), units]
    return OBJECTIVES[case.objective](activation)


def regularization(x, case):
    return sum((weight * REGULARIZERS[name](x, case) for name, weight in case.regularizers.items()),
               torch.zeros(len(x), dtype=x.dtype))


def normalized(gradient, kind):
    if kind == "none":
        return gradient
    squares = gradient ** 2
    reduced = squares.mean((1, 2, 3), keepdim=True) if kind == "rms" else squares.sum((1, 2, 3), keepdim=True)
    return gradient / (reduced.sqrt() + 1e-8)


def maximize(network, init, layer, units, case, steps=8):
    """The last iterate, [units,C,H,W], in the network's precision."""
    x = torch.from_numpy(init).to(network.dtype).clone().requires_grad_()
    optimizer = OPTIMIZERS[case.optimizer](x, case.lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = regularization(x, case) - objective(network, x, layer, units, case)
        loss.sum().backward()
        x.grad.copy_(normalized(x.grad, case.normalize))
        optimizer.step()
    return x.detach().numpy()
