"""Runs the onnxviz program built in this repository and reads back its raw results. A library of the other scripts."""
import pathlib
import re
import shlex
import subprocess
import tempfile

import numpy as np

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = REPOSITORY / "src/OnnxViz.Cli/bin/Release/net10.0/onnxviz.dll"
SHARED = next((d for d in (REPOSITORY.parent / "shared", REPOSITORY / "shared") if d.is_dir()),
              REPOSITORY.parent / "shared")


class CliError(Exception):
    """The program ended with another exit code than 0; the text is its code and last line on stderr."""


class Cli:
    """`command` replaces `dotnet .../onnxviz.dll`, for instance to check a published binary."""

    def __init__(self, command=None):
        self.command = shlex.split(command) if command else ["dotnet", str(PROGRAM)]

    def saliency_methods(self):
        """The words of all methods, as help lists them."""
        done = subprocess.run(self.command + ["saliency", "--help"], capture_output=True, text=True, check=True)
        return re.findall(r"^  (\S+) +", done.stdout.split("\nMethods:\n")[1], re.MULTILINE)

    def raw(self, *arguments):
        """What the verb leaves in `--raw`. Options may be paths and numbers; all become text."""
        with tempfile.TemporaryDirectory() as folder:
            result = pathlib.Path(folder) / "raw.npy"
            command = self.command + [str(a) for a in arguments] + ["--raw", str(result), "--quiet"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                lines = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
                raise CliError(f"exit {done.returncode}: {lines[-1]}")
            return np.load(result)


def add_cli_option(parser):
    parser.add_argument("--cli", help="the program to check (default: dotnet " + str(PROGRAM) + ")")


def model_path(name):
    """A network the repository carries, or else its copy in ../shared/models."""
    carried = REPOSITORY / "onnx-models" / name
    return carried if carried.exists() else SHARED / "models" / name
