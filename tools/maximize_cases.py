"""The calls of `maximize` that are compared with PyTorch: every objective, regulariser, optimiser and normalisation.

A library of maximize_reference.py and make_reference_fixtures.py. Weights and learning rates are chosen from the
gradients at the first picture, to one significant digit, so that every part of the loss moves the picture: adam and
rmsprop scale by the gradient themselves, the others get a rate whose first step is about 1 on average, and a
regulariser pulls half as strongly as the objective pushes. The target objective's gradient grows with the cube of the
activation, so its rate is a tenth of that.
"""
import torch

import maximize_loop
from maximize_loop import Case

STEP = 1.0


def one_digit(value):
    return float(f"{value:.0e}")


def gradient_size(loss_of, init, dtype):
    """The root mean square of the gradient of sum(loss_of(x)) at the first picture."""
    x = torch.from_numpy(init).to(dtype).requires_grad_()
    loss_of(x).sum().backward()
    return float((x.grad ** 2).mean().sqrt())


def cases(network, init, layer, units):
    """All cases for a network, a layer, one unit per row of `init`."""
    def size_of_objective(kind):
        case = Case("size", objective=kind)
        return gradient_size(lambda x: maximize_loop.objective(network, x, layer, units, case), init, network.dtype)

    def size_of_regularizer(name, **parameters):
        case = Case("size", **parameters)
        return gradient_size(lambda x: maximize_loop.REGULARIZERS[name](x, case), init, network.dtype)

    push = size_of_objective("mean")

    def weight(name, **parameters):
        return one_digit(0.5 * push / size_of_regularizer(name, **parameters))

    for kind in maximize_loop.OBJECTIVES:
        yield Case("objective " + kind, objective=kind)
        step = STEP / 10 if kind == "target" else STEP
        yield Case(f"objective {kind}, sgd", objective=kind, optimizer="sgd",
                   lr=one_digit(step / size_of_objective(kind)))
    yield Case("optimizer momentum", optimizer="momentum", lr=one_digit(STEP / 4 / push))
    yield Case("optimizer rmsprop", optimizer="rmsprop", lr=STEP / 10)
    yield Case("normalize rms, sgd", optimizer="sgd", normalize="rms", lr=STEP)
    yield Case("normalize l2, momentum", optimizer="momentum", normalize="l2",
               lr=one_digit(STEP / 4 * init[0].size ** 0.5))

    sgd = {"optimizer": "sgd", "lr": one_digit(STEP / push)}
    for name in maximize_loop.REGULARIZERS:
        yield Case("regularizer " + name, regularizers={name: weight(name)}, **sgd)
    for beta in (1.0, 3.0):
        yield Case(f"regularizer tv, beta {beta}", regularizers={"tv": weight("tv", tv_beta=beta)}, tv_beta=beta, **sgd)
    yield Case("regularizer alpha-norm, alpha 4", regularizers={"alpha-norm": weight("alpha-norm", alpha=4.0)},
               alpha=4.0, **sgd)
    yield Case("all regularizers, rms, adam", objective="rms", normalize="rms",
               regularizers={name: one_digit(weight(name) / 5) for name in maximize_loop.REGULARIZERS})
