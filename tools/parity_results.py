"""What parity.py has found so far, kept in a file so that a run can be taken up again, and its table in Markdown."""
import dataclasses
import json
import platform

import torch
import torchvision

from torchvision_zoo import CHAOTIC, LEFT_OUT


@dataclasses.dataclass
class Result:
    """Errors are relative L2 against float64; `seconds` are those of all inputs, ours with start, load and compilation."""

    name: str
    smooth: bool
    shape: list
    logits: float = float("nan")
    torch_logits: float = float("nan")
    gradient: float = float("nan")
    torch_gradient: float = float("nan")
    seconds: float = float("nan")
    torch_seconds: float = float("nan")
    failure: str = ""

    @property
    def logits_limit(self):
        return max(2 * self.torch_logits, 1e-5)

    @property
    def gradient_limit(self):
        return max(2 * self.torch_gradient, 2e-6 if self.smooth else 2e-2)

    @property
    def good(self):
        """NaN is out of limits too."""
        return not self.failure and self.logits <= self.logits_limit and self.gradient <= self.gradient_limit


class Results:
    def __init__(self, path):
        self.path = path
        rows = json.loads(path.read_text()) if path.exists() else []
        self.rows = {(row["name"], row["smooth"]): Result(**row) for row in rows}

    def get(self, name, smooth):
        return self.rows.get((name, smooth))

    def add(self, result):
        self.rows[result.name, result.smooth] = result
        text = json.dumps([dataclasses.asdict(row) for row in self.rows.values()], indent=1)
        partial = self.path.with_suffix(".partial")
        partial.write_text(text)
        partial.replace(self.path)


HEAD = """# Gradients of torchvision's networks: ours and PyTorch's float32 against float64

Made by `/usr/bin/python3 tools/parity.py --markdown bench/parity.md` with PyTorch {torch}, torchvision {torchvision} and Python {python}. Random weights scaled to unit variance,
batch norm with the statistics of one pass over noise, exported at opset 17, {inputs} inputs of noise; a classifier's class 7, a segmentation network's class 7 (spatial mean), a detector's
finest objectness or its second class (mean over the anchors).

Errors are relative L2 per input. As it stands a network has ReLUs, clips and maxima, and rounding flips some of them, in PyTorch's float32 too: the median of the inputs, at most twice PyTorch's
or 2e-2. Smooth, every ReLU is a Softplus, every max pool an average pool, every Hardswish a SiLU and every Hardsigmoid a Sigmoid: the largest of the inputs, at most twice PyTorch's or 2e-6.
Seconds are those of all inputs on a busy machine of two cores, ours with start, load and compilation: only good to notice what is absurd.

| network | input | plain: ours | PyTorch | smooth: ours | PyTorch | logits: ours | PyTorch | seconds: ours | PyTorch | |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def markdown(results, names, inputs):
    """The networks of `names`, in that order, and what is left out and why."""
    head = HEAD.format(torch=torch.__version__, torchvision=torchvision.__version__, python=platform.python_version(), inputs=inputs)
    lines = [markdown_row(name, results.get(name, False), results.get(name, True)) for name in names]
    lines += ["", "Chaotic with random weights, so that float32 tells little. Rounding the picture to float32, all else in float64, moves logits "
              "and gradient (`tools/conditioning.py`; efficientnet_b0: 3.9e-07 and 1.4e-06):", ""]
    lines += [f"- {name}: {moved}" for name, moved in CHAOTIC.items()]
    lines += ["", "Left out:", ""]
    lines += [f"- {', '.join(names.split())}: {reason}" for names, reason in LEFT_OUT.items()]
    return head + "\n".join(lines) + "\n"


def markdown_row(name, plain, smooth):
    both = [result for result in (plain, smooth) if result is not None]
    if not both:
        return f"| {name} | | | | | | | | | | not run |"
    worst = max(both, key=lambda result: result.logits / result.logits_limit)
    cells = [name, "x".join(map(str, both[0].shape)), *errors(plain), *errors(smooth),
             f"{worst.logits:.1e}", f"{worst.torch_logits:.1e}", f"{both[0].seconds:.1f}", f"{both[0].torch_seconds:.1f}",
             "; ".join(dict.fromkeys(verdict(result) for result in both))]
    return "| " + " | ".join(cells) + " |"


def errors(result):
    return ("", "") if result is None else (f"{result.gradient:.1e}", f"{result.torch_gradient:.1e}")


def verdict(result):
    return result.failure.replace("|", "\\|") or ("ok" if result.good else "out of limits")
