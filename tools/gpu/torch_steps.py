"""Times PyTorch's side of a step: forward, gradient with respect to the input, Adam. One JSON object: milliseconds by network and way.

    torch_steps.py --device cuda --batches 1,32 [--quick]

Weights are random. Convolutions run in TF32 or not, and in both layouts; the quicker layout is what counts.
"""
import argparse
import itertools
import json
import time

import torch


def vgg(last):
    import torchvision
    features = torchvision.models.vgg16().features
    return features[:last + 1]


def googlenet():
    import torchvision
    net = torchvision.models.googlenet(aux_logits=False, init_weights=False, transform_input=False)
    names = ['conv1', 'maxpool1', 'conv2', 'conv3', 'maxpool2', 'inception3a', 'inception3b', 'maxpool3', 'inception4a']
    return torch.nn.Sequential(*[getattr(net, name) for name in names])


def lite0():
    import timm
    return timm.create_model('tf_efficientnet_lite0')


NETWORKS = {'conv3_3': lambda: vgg(14), 'conv5_1': lambda: vgg(24), 'inception4a': googlenet, 'lite0': lite0}


def milliseconds(net, batch, steps, device, layout):
    net = net.to(device).eval().requires_grad_(False).to(memory_format=layout)
    picture = torch.rand(batch, 3, 224, 224, device=device).to(memory_format=layout).requires_grad_(True)
    adam = torch.optim.Adam([picture], lr=0.01)
    wait = torch.cuda.synchronize if device.startswith('cuda') else lambda: None

    def step():
        adam.zero_grad()
        out = net(picture)
        (-out[:, 5].mean()).backward()
        adam.step()

    for _ in range(3):
        step()
    times = []
    for _ in range(3):
        wait()
        start = time.perf_counter()
        for _ in range(steps):
            step()
        wait()
        times.append((time.perf_counter() - start) / steps * 1e3)
    return sorted(times)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--device', default='cuda')
    parser.add_argument('--batches', default='1,32')
    parser.add_argument('--quick', action='store_true', help='one step each, to see that it runs')
    args = parser.parse_args()
    on_gpu = args.device.startswith('cuda')
    found = {'torch': torch.__version__, 'gpu': torch.cuda.get_device_name() if on_gpu else 'none'}
    for name, batch, tf32 in itertools.product(NETWORKS, map(int, args.batches.split(',')), (True, False) if on_gpu else (False,)):
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
        for way, layout in (('', torch.contiguous_format), (' channels_last', torch.channels_last)):
            key = f'{name} b{batch} {"tf32" if tf32 else "float32"}{way}'
            try:
                steps = 1 if args.quick else 60 if batch == 1 else 20
                found[key] = round(milliseconds(NETWORKS[name](), batch, steps, args.device, layout), 3)
            except ImportError as e:
                found[key] = f'not here: {e.name}'
    if on_gpu:
        found['peak MiB'] = round(torch.cuda.max_memory_allocated() / 2**20)
    print(json.dumps(found, indent=1))


if __name__ == '__main__':
    main()
