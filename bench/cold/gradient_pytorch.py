"""One gradient of VGG-16's strongest class by PyTorch, as a whole process.

    gradient_pytorch.py WEIGHTS.pth OUT.bin      the gradient, of noise: Debian has no decoder of pictures beside PyTorch
    gradient_pytorch.py WEIGHTS.pth --save       the weights that tools/export_for_parity.py gives the network
"""
import pathlib
import sys

import torch


def save(path):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
    import torchvision_networks
    torch.save(torchvision_networks.build("vgg16").state_dict(), path)


def gradient(path, out):
    import torchvision
    net = torchvision.models.vgg16(weights=None)
    net.load_state_dict(torch.load(path))
    net.eval().requires_grad_(False)
    x = torch.rand(1, 3, 224, 224, requires_grad=True)
    net(x)[0].max().backward()
    x.grad.numpy().tofile(out)


if __name__ == "__main__":
    save(sys.argv[1]) if sys.argv[2] == "--save" else gradient(sys.argv[1], sys.argv[2])
