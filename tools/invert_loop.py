"""The loop of `onnxviz invert --recipe plain --param tensor` written a second time, in PyTorch.

A library of invert_reference.py and make_invert_fixtures.py. The loss is |F(x) - F0|^2 / |F0|^2 + regularisers, which
are those of maximize_loop.py, and so are the optimisers.
"""
import dataclasses

import torch

from maximize_loop import OPTIMIZERS, regularization


@dataclasses.dataclass(frozen=True)
class Case:
    """One call of `invert --recipe plain`. `regularizers` maps the option's name to its weight."""
    name: str
    optimizer: str = "adam"
    lr: float = 1.0
    regularizers: dict = dataclasses.field(default_factory=dict)
    tv_beta: float = 2.0
    alpha: float = 6.0

    def options(self):
        """The same as command-line options."""
        options = ["--recipe", "plain", "--optimizer", self.optimizer, "--lr", repr(self.lr)]
        for name, weight in self.regularizers.items():
            options += ["--" + name, repr(weight)]
        return options


def distance(function, x, code):
    return ((function(x) - code) ** 2).sum() / (code ** 2).sum()


def invert(function, dtype, picture, init, case, steps=8):
    """The last iterate, [1,C,H,W]; `function` maps a tensor of `dtype` to the layer."""
    with torch.no_grad():
        code = function(torch.from_numpy(picture).to(dtype))
    x = torch.from_numpy(init).to(dtype).clone().requires_grad_()
    optimizer = OPTIMIZERS[case.optimizer](x, case.lr)
    for _ in range(steps):
        optimizer.zero_grad()
        (distance(function, x, code) + regularization(x, case).sum()).backward()
        optimizer.step()
    return x.detach().numpy()


def cases(function, dtype, picture, init, step):
    """All optimisers, and all regularisers at once, each of which pulls half as strongly as the distance.

    `step` is how far the first step should go on average. Rates and weights are rounded to one digit.
    """
    from maximize_cases import gradient_size, one_digit
    from maximize_loop import REGULARIZERS
    with torch.no_grad():
        code = function(torch.from_numpy(picture).to(dtype))
    push = gradient_size(lambda x: distance(function, x, code), init, dtype)

    def pull(name):
        return one_digit(0.5 * push / gradient_size(lambda x: REGULARIZERS[name](x, Case("size")), init, dtype))

    yield Case("adam", lr=one_digit(step))
    yield Case("sgd", optimizer="sgd", lr=one_digit(step / push))
    yield Case("momentum", optimizer="momentum", lr=one_digit(step / 4 / push))
    yield Case("rmsprop", optimizer="rmsprop", lr=one_digit(step / 10))
    yield Case("all regularizers", optimizer="sgd", lr=one_digit(step / 2 / push),
               regularizers={name: pull(name) for name in REGULARIZERS})
