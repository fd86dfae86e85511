#!/usr/bin/env python3
"""Pretrained classifiers of torchvision or timm as ONNX files that onnxviz knows by name.

    python3 tools/export/export_torchvision.py vgg16 googlenet alexnet        the three classics, weights from the network
    python3 tools/export/export_torchvision.py vgg16 --weights vgg16.pth      weights from a file (a state dict)
    python3 tools/export/export_torchvision.py timm/resnet26d --opset 18      any classifier of timm
    python3 tools/export/export_torchvision.py resnet18 --random              nothing learned: to try it out without a network

Writes NAME.onnx, the names of its classes and an entry of models.json into a folder; without -o into the one where the
program looks for models, so that `onnxviz maximize -m vgg16` works at once. The outputs are `logits` and every stage of
the network under the name of its module (features.10, inception4a, layer3.1); --layers names others, or none.
What was exported is run and compared with PyTorch, by onnxruntime if it can be imported, and else by onnxviz; a file
that differs is not kept. Runs with torchvision 0.14 and later; 0.14's PyTorch writes opsets up to 17.
"""
import argparse
import hashlib
import inspect
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "src/OnnxViz.Cli/bin/Release/net10.0/onnxviz.dll"
# Relative L2. PyTorch and ONNX Runtime sum in different orders; a wrong export is far outside.
LIMIT = 1e-4


class Source:
    """A network in eval mode, what it expects of pictures, and the names of its classes."""

    def __init__(self, model, side, resize, filter, mean, std, classes, title, source, licence):
        self.model, self.side, self.resize, self.filter = model.eval(), side, resize, filter
        self.mean, self.std, self.classes = list(mean), list(std), classes
        self.title, self.source, self.licence = title, source, licence


def from_torchvision(name, weights, random):
    import torchvision
    from torchvision.models import get_model, get_model_weights

    known = get_model_weights(name).DEFAULT
    preset = known.transforms()
    if weights or random:
        # Pretrained GoogLeNet and Inception take ImageNet's convention and turn it into their own.
        special = {"transform_input": True, "init_weights": False} if name in ("googlenet", "inception_v3") else {}
        model = get_model(name, weights=None, **special)
        if weights:
            model.load_state_dict(torch.load(weights, map_location="cpu"))
    else:
        model = get_model(name, weights=known)
    return Source(
        model, preset.crop_size[0], preset.resize_size[0], preset.interpolation.value, preset.mean, preset.std, known.meta["categories"],
        f"{type(model).__name__} ({name}) of torchvision {torchvision.__version__}", "https://pytorch.org/vision/stable/models.html", "BSD-3-Clause")


def from_timm(name, weights, random):
    try:
        import timm
    except ImportError:
        sys.exit(f"timm/{name} needs timm: pip install timm.")

    model = timm.create_model(name, pretrained=not (weights or random), checkpoint_path=weights or "")
    config = timm.data.resolve_data_config({}, model=model)
    side = config["input_size"][1]
    return Source(
        model, side, int(side / config["crop_pct"]), config["interpolation"], config["mean"], config["std"], None,
        f"{name} of timm {timm.__version__}", "https://github.com/huggingface/pytorch-image-models", "Apache-2.0")


def stages(model):
    """Names of the modules that a reader would call its layers: the children, and what lies in sequences among them."""
    for name, child in model.named_children():
        if isinstance(child, torch.nn.Sequential):
            yield from (f"{name}.{inner}" for inner in stages(child))
        else:
            yield name


class Exposed(torch.nn.Module):
    """Answers with its logits and with what the named modules answered; those without a map (N, C, H, W) are left out."""

    def __init__(self, model, names):
        super().__init__()
        self.model, self.names, self.seen = model, list(names), {}
        for module in model.modules():
            # What is written over in place would be exposed as what came behind it.
            if getattr(module, "inplace", False):
                module.inplace = False
        modules = dict(model.named_modules())
        unknown = [name for name in self.names if name not in modules]
        if unknown:
            sys.exit(f"No module {', '.join(unknown)}; there are {', '.join(filter(None, modules))}.")
        for name in self.names:
            modules[name].register_forward_hook(lambda _, __, output, name=name: self.seen.setdefault(name, []).append(output))

    def forward(self, picture):
        self.seen.clear()
        logits = self.model(picture)
        logits = logits if torch.is_tensor(logits) else logits[0]
        self.kept = [n for n in self.names if len(self.seen.get(n, [])) == 1 and torch.is_tensor(self.seen[n][0]) and self.seen[n][0].dim() == 4]
        return (logits, *(self.seen[name][0] for name in self.kept))


def export(network, source, path, opset):
    """Writes the file; the names of its outputs come back."""
    example = torch.zeros(1, 3, source.side, source.side)
    with torch.no_grad():
        network(example)
    names = ["logits", *network.kept]
    options = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    try:
        torch.onnx.export(
            network, example, str(path), input_names=["input"], output_names=names, opset_version=opset,
            dynamic_axes={name: {0: "batch"} for name in ["input", *names]}, **options)
    except ValueError as e:
        if "opset" not in str(e):
            raise
        sys.exit(f"PyTorch {torch.__version__} does not write opset {opset} ({e}).")
    return names


def answers_of(path, names, picture, onnxviz):
    """What the file answers, by output."""
    try:
        import onnxruntime
    except ImportError:
        pass
    else:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        return dict(zip(names, session.run(names, {"input": picture}))), f"onnxruntime {onnxruntime.__version__}"
    import numpy

    with tempfile.TemporaryDirectory() as work:
        feed, raw = os.path.join(work, "input.npy"), os.path.join(work, "raw.npy")
        numpy.save(feed, picture)
        found = {}
        for name in names:
            verb = ["predict"] if name == "logits" else ["activations", "--layer", name]
            subprocess.run([*onnxviz, *verb, "-m", str(path), "--input-tensor", feed, "--raw", raw, "--quiet"], check=True)
            found[name] = numpy.load(raw)
        return found, "onnxviz"


def check(path, network, names, source, onnxviz):
    """The largest distance of an output from PyTorch's."""
    picture = torch.randn(2, 3, source.side, source.side, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        truth = dict(zip(names, network(picture)))
    found, engine = answers_of(path, names, picture.numpy(), onnxviz)
    worst = max((float((torch.as_tensor(found[n]).reshape(t.shape) - t).norm() / t.norm().clamp(min=1e-30)), n) for n, t in truth.items())
    print(f"  {engine} against PyTorch on two pictures: at most {worst[0]:.1e} ({worst[1]}), {len(names)} outputs")
    return worst[0]


def register(folder, name, path, source):
    """Makes the entry of models.json anew."""
    catalogue = folder / "models.json"
    models = json.loads(catalogue.read_text())["models"] if catalogue.exists() else []
    labels = None
    if source.classes:
        labels = f"{name}-labels.txt"
        (folder / labels).write_text("\n".join(source.classes) + "\n", encoding="utf-8")
    content = path.read_bytes()
    entry = {
        "name": name, "title": source.title, "file": path.name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content),
        "source": source.source, "licence": source.licence,
        "input": {"name": "input", "shape": [-1, 3, source.side, source.side], "color": "rgb", "layout": "nchw", "range": [0, 1]},
        "mean": source.mean, "std": source.std,
        "picture": {"size": source.side, "resize": "short-side", "short_side": source.resize,
                    "filter": "bilinear" if source.filter == "bilinear" else "bicubic", "crop": "center"},
        "labels": labels, "aliases": {},
    }
    text = json.dumps({"models": [m for m in models if m["name"] != name] + [entry]}, indent=2)
    new = catalogue.with_suffix(".json.tmp")
    new.write_text(text + "\n", encoding="utf-8")
    new.replace(catalogue)


def default_folder():
    """Where onnxviz looks for models."""
    home = pathlib.Path.home()
    if os.environ.get("ONNXVIZ_MODELS"):
        return pathlib.Path(os.environ["ONNXVIZ_MODELS"])
    if os.path.isabs(os.environ.get("XDG_DATA_HOME", "")):
        return pathlib.Path(os.environ["XDG_DATA_HOME"]) / "onnxviz" / "models"
    if os.name == "nt":
        return pathlib.Path(os.environ["LOCALAPPDATA"]) / "onnxviz" / "models"
    return home.joinpath(*(("Library", "Application Support") if sys.platform == "darwin" else (".local", "share")), "onnxviz", "models")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="+", metavar="NAME", help="of torchvision, or timm/NAME")
    parser.add_argument("-o", "--out", type=pathlib.Path, default=default_folder(), help="folder (default: %(default)s)")
    parser.add_argument("--weights", help="a state dict (.pth) instead of a download; needs exactly one network")
    parser.add_argument("--random", action="store_true", help="random weights")
    parser.add_argument("--opset", type=int, default=17)
    parser.add_argument("--layers", help="modules to expose, separated by commas; none for the logits alone (default: every stage)")
    parser.add_argument("--onnxviz", default=f"dotnet {PROGRAM}", help="how to run onnxviz for the check (default: %(default)s)")
    options = parser.parse_args()
    if options.weights and len(options.networks) != 1:
        parser.error("--weights needs exactly one network")
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    for asked in options.networks:
        name = asked.split("/")[-1].replace(".", "_")
        try:
            source = (from_timm if asked.startswith("timm/") else from_torchvision)(asked.split("/")[-1], options.weights, options.random)
        except OSError as e:
            sys.exit(f"The weights of {asked} cannot be fetched ({e}). Without a network, bring the .pth file and name it with --weights.")
        layers = stages(source.model) if options.layers is None else [] if options.layers == "none" else options.layers.split(",")
        network = Exposed(source.model, layers).eval()
        path = options.out / f"{name}.onnx"
        part = options.out / f"{name}.part.onnx"
        try:
            names = export(network, source, part, options.opset)
            if not check(part, network, names, source, options.onnxviz.split()) <= LIMIT:
                sys.exit(f"{asked}: the export differs from PyTorch by more than {LIMIT:.0e}; it is not kept.")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        register(options.out, name, path, source)
        print(f"{path}: onnxviz maximize -m {name} --layer {names[-1]} --unit random:6; onnxviz prepare {name} -o {name}/ --layers {names[-1]}")


if __name__ == "__main__":
    main()
