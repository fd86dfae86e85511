"""Fifty training steps of a tiny network in PyTorch float64, for tests/OnnxViz.Tests/Fixtures/training.

Convolution, batch normalisation, ReLU, max pooling, dropout and a linear layer; sgd, adam and adamw. Weights, pictures, labels and
dropout masks follow from formulas that the test knows too, so only results are kept: NAME.npy has all parameters and running
statistics one after the other, NAME.loss.npy the loss of every step.
"""
import pathlib

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests/OnnxViz.Tests/Fixtures/training"
STEPS, BATCH, CLASSES = 50, 8, 5
CASES = {
    "sgd": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=5e-4), 0.1),
    "adam": (lambda p: torch.optim.Adam(p, lr=1e-2, weight_decay=1e-4), 0.0),
    "adamw": (lambda p: torch.optim.AdamW(p, lr=1e-2, weight_decay=1e-2), 0.0),
}


def uniform(stream, *dims):
    """Multiples of 2^-24 in -0.5 to 0.5: (stream + i) * 2654435761 modulo 2^32, its upper 24 bits."""
    i = np.arange(np.prod(dims), dtype=np.uint64) + np.uint64(stream * 1_000_003)
    bits = (i * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    return torch.from_numpy((bits >> np.uint64(8)).astype(np.float64).reshape(dims) / 2**24 - 0.5)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(2, 4, 3, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(4)
        self.conv2 = torch.nn.Conv2d(4, 6, 3, padding=1)
        self.fc3 = torch.nn.Linear(6 * 4 * 4, CLASSES)

    def forward(self, x, mask):
        x = torch.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 2)
        x = torch.relu(self.conv2(x)).flatten(1)
        return self.fc3(x * mask)


def train(optimizer, smoothing, dtype):
    net = Net().to(dtype)
    with torch.no_grad():
        for stream, p in enumerate(net.parameters()):
            p.copy_(uniform(stream, *p.shape) * 0.6 + (1 if stream == 1 else 0))
    loss_of = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)
    update, losses = optimizer(net.parameters()), []
    for step in range(STEPS):
        labels = torch.arange(step, step + BATCH) * 7 % CLASSES
        x = uniform(100 + step, BATCH, 2, 8, 8).to(dtype) + labels.to(dtype).reshape(-1, 1, 1, 1) / CLASSES
        mask = (uniform(1000 + step, BATCH, 96) < 0).to(dtype) * 2
        update.zero_grad()
        loss = loss_of(net(x, mask), labels)
        loss.backward()
        update.step()
        losses.append(loss.item())
    return {k: v for k, v in net.state_dict().items() if v.dtype == dtype}, losses


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (optimizer, smoothing) in CASES.items():
        exact, losses = train(optimizer, smoothing, torch.float64)
        rounded, _ = train(optimizer, smoothing, torch.float32)
        worst = max(((rounded[k] - v).norm() / v.norm()).item() for k, v in exact.items())
        print(f"{name}: loss {losses[0]:.4f} to {losses[-1]:.4f}; PyTorch float32 is off by {worst:.1e}: {', '.join(exact)}")
        np.save(FOLDER / f"{name}.npy", np.concatenate([v.reshape(-1).numpy() for v in exact.values()]))
        np.save(FOLDER / f"{name}.loss.npy", np.array(losses))


if __name__ == "__main__":
    main()
