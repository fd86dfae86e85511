"""The training that `onnxviz train` does, in PyTorch: same network, data, batch size, optimiser and number of steps.

Writes one JSON object: per epoch loss and test accuracy, seconds of the steps alone, peak memory of the process in MiB.
"""
import argparse
import gzip
import json
import pathlib
import resource
import time

import numpy as np
import torch
from torch import nn


def idx(path):
    data = gzip.open(path).read()
    dims = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(dims)


def cifar(path):
    rows = np.frombuffer(pathlib.Path(path).read_bytes(), np.uint8).reshape(-1, 3073)
    return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]


def load(folder):
    folder = pathlib.Path(folder)
    if (folder / "test_batch.bin").exists():
        train = [cifar(p) for p in sorted(folder.glob("data_batch_*.bin"))]
        return (np.concatenate([t[0] for t in train]), np.concatenate([t[1] for t in train])), cifar(folder / "test_batch.bin")
    return tuple((idx(folder / f"{s}-images-idx3-ubyte.gz")[:, None], idx(folder / f"{s}-labels-idx1-ubyte.gz")) for s in ("train", "t10k"))


def small(channels, side):
    layers, width = [], channels
    for _ in range(2):
        for _ in range(2):
            layers += [nn.Conv2d(width, 32, 3, padding=1), nn.ReLU(inplace=True)]
            width = 32
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(32 * (side // 4) ** 2, 512), nn.ReLU(inplace=True), nn.Linear(512, 10))


def vgg16(channels, normalizes):
    layers, width = [], channels
    for features, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers.append(nn.Conv2d(width, features, 3, padding=1, bias=not normalizes))
            if normalizes:
                layers.append(nn.BatchNorm2d(features))
            layers.append(nn.ReLU(inplace=True))
            width = features
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(
        *layers, nn.Flatten(), nn.Dropout(0.5), nn.Linear(512, 512), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(512, 512), nn.ReLU(inplace=True),
        nn.Linear(512, 10))


def main():
    a = argparse.ArgumentParser()
    a.add_argument("folder", help="of IDX files (.gz) or of CIFAR-10's binary files")
    a.add_argument("--arch", default="small", choices=["small", "vgg16-cifar", "vgg16-bn-cifar"])
    a.add_argument("--epochs", type=int, default=2)
    a.add_argument("--steps", type=int, help="of each epoch; all by default")
    a.add_argument("--batch", type=int, default=64)
    a.add_argument("--lr", type=float, default=1e-3)
    a.add_argument("--device", default="cpu")
    a.add_argument("--channels-last", action="store_true")
    a.add_argument("--tf32", action="store_true")
    a.add_argument("--threads", type=int)
    a = a.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = a.tf32
    torch.manual_seed(0)
    (x, y), (tx, ty) = load(a.folder)
    mean, std = x.mean((0, 2, 3)) / 255, x.std((0, 2, 3)) / 255
    device = torch.device(a.device)
    net = (small(x.shape[1], x.shape[2]) if a.arch == "small" else vgg16(x.shape[1], "bn" in a.arch)).to(device)
    form = torch.channels_last if a.channels_last else torch.contiguous_format
    net = net.to(memory_format=form)
    update, loss_of = torch.optim.Adam(net.parameters(), lr=a.lr), nn.CrossEntropyLoss()
    mean, std = (torch.tensor(v, dtype=torch.float32, device=device).reshape(1, -1, 1, 1) for v in (mean, std))

    def batch(pictures, rows):
        return ((torch.from_numpy(pictures[rows]).to(device).float() / 255 - mean) / std).contiguous(memory_format=form)

    epochs, steps = [], []
    for epoch in range(a.epochs):
        net.train()
        order, start, losses = np.random.RandomState(epoch).permutation(len(x)), time.time(), []
        for s in range(min(len(x) // a.batch, a.steps or 1 << 30)):
            began = time.time()
            rows = order[s * a.batch:(s + 1) * a.batch]
            update.zero_grad()
            loss = loss_of(net(batch(x, rows)), torch.from_numpy(y[rows].astype(np.int64)).to(device))
            loss.backward()
            update.step()
            losses.append(loss.item())
            steps.append(time.time() - began)
        seconds = time.time() - start
        net.eval()
        with torch.no_grad():
            right = sum(int((net(batch(tx, slice(i, i + 500))).argmax(1).cpu().numpy() == ty[i:i + 500]).sum()) for i in range(0, len(tx), 500))
        epochs.append({"loss": float(np.mean(losses)), "losses": losses, "seconds": seconds, "test_accuracy": right / len(tx)})
    print(json.dumps({
        "torch": torch.__version__, "threads": torch.get_num_threads(), "epochs": epochs, "step_ms": float(np.median(steps) * 1e3),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "gpu_mib": torch.cuda.max_memory_reserved() / 2**20 if device.type == "cuda" else None}))


if __name__ == "__main__":
    main()
