"""Writes THIRD-PARTY.md, the licence of every package that the lock files name, and the list of parts of a release (SBOM).

    python3 tools/third_party.py                   writes THIRD-PARTY.md
    python3 tools/third_party.py --check           says what in it is not as it would be written, exit code 1
    python3 tools/third_party.py --sbom FILE.json  CycloneDX 1.6, the same bytes each time

Restore first: licences and hashes come from the packages that `dotnet restore` put into NuGet's folder. A package without a licence that is
known here, or with one that does not let us hand it on, is an error. Nothing but Python's own library is needed.
"""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import uuid
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHIPPED = ["src/OnnxViz/packages.lock.json", "src/OnnxViz.Cli/packages.lock.json"]

# Part of the build, in nothing that is handed on.
BUILD_ONLY = {"Grpc.Tools", "Spectre.Console.Analyzer"}

# By projects that name a file or an address in place of a licence's identifier; read on 2026-11-27.
NAMED_BY_FILE = {
    "CommandLineParser": "MIT",
    "Microsoft.DotNet.PlatformAbstractions": "MIT",
    "Microsoft.ML.OnnxRuntime": "MIT",
    "Microsoft.ML.OnnxRuntime.Managed": "MIT",
    "Validation": "MS-PL",
    "xunit.abstractions": "Apache-2.0",
}
HANDED_ON = {"MIT", "BSD-3-Clause", "Apache-2.0"}
TEXTS = ["MIT", "BSD-3-Clause", "Apache-2.0"]

OTHER_PARTS = [
    (".NET runtime, in the files that need no .NET", "MIT", "(c) .NET Foundation and contributors", "https://github.com/dotnet/runtime"),
    ("Inter, the letters of labels", "OFL-1.1", "2016-2020 The Inter Project Authors; `src/OnnxViz/Imaging/Fonts/Inter-LICENSE.txt`", "https://github.com/rsms/inter"),
]


def packages_folder():
    folder = os.environ.get("NUGET_PACKAGES")
    if folder:
        return folder
    said = subprocess.run(["dotnet", "nuget", "locals", "global-packages", "--list"], capture_output=True, text=True, check=True).stdout
    return said.split(":", 1)[1].strip()


def locked():
    """Each package of the lock files: (name, version) -> whether it is shipped, and what it depends on."""
    found = {}
    tracked = subprocess.run(["git", "ls-files", "*packages.lock.json"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for path in sorted(tracked):
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            for framework in json.load(file)["dependencies"].values():
                versions = {name: entry["resolved"] for name, entry in framework.items() if "resolved" in entry}
                for name, entry in framework.items():
                    if "resolved" not in entry:
                        continue
                    package = found.setdefault((name, entry["resolved"]), {"shipped": False, "needs": set()})
                    package["shipped"] |= path in SHIPPED and name not in BUILD_ONLY
                    package["needs"] |= {(need, versions[need]) for need in entry.get("dependencies", {}) if need in versions}
    return found


class Package:
    def __init__(self, folder, name, version):
        self.name, self.version = name, version
        self.folder = os.path.join(folder, name.lower(), version.lower())
        try:
            tree = xml.parse(os.path.join(self.folder, name.lower() + ".nuspec"))
        except OSError:
            sys.exit(f"{name} {version} is not in NuGet's folder: run dotnet restore first.")
        said = {}
        for element in tree.getroot().iter():
            said.setdefault(element.tag.rsplit("}", 1)[-1], element)
        text = lambda tag: " ".join((said[tag].text or "").split()) if tag in said else ""
        self.authors, self.copyright, self.description = text("authors"), text("copyright") or text("authors"), text("description")
        self.address = text("projectUrl")
        if not self.address and "repository" in said:
            self.address = said["repository"].get("url", "")
        licence = said.get("license")
        by_expression = licence is not None and licence.get("type") == "expression"
        self.licence = licence.text.strip() if by_expression else NAMED_BY_FILE.get(name)
        if not self.licence:
            sys.exit(f"{name} {version} names no licence by its identifier: read it, and give it a row in NAMED_BY_FILE of tools/third_party.py.")

    def sha512(self):
        with open(os.path.join(self.folder, f"{self.name.lower()}.{self.version.lower()}.nupkg.sha512"), encoding="ascii") as file:
            return base64.b64decode(file.read()).hex()


def read_packages():
    folder = packages_folder()
    packages = [(Package(folder, *key), entry) for key, entry in sorted(locked().items(), key=lambda item: (item[0][0].lower(), item[0][1]))]
    for package, entry in packages:
        if entry["shipped"] and package.licence not in HANDED_ON:
            sys.exit(f"{package.name} is shipped under {package.licence}: what that asks for is not done here yet.")
    return packages


def rows(packages):
    for package in packages:
        copyright = package.copyright.replace("|", "\\|")
        name = f"[{package.name}]({package.address})" if package.address else package.name
        yield f"| {name} | {package.version} | {package.licence} | {copyright} |"


def document(packages):
    lines = [
        "# What others made",
        "",
        "Written by `tools/third_party.py` from the lock files and the packages themselves; a test compares. The program and the library are MIT: [LICENSE](LICENSE).",
        "",
        "## In what is handed on",
        "",
        "| package | version | licence | copyright |",
        "|---|---|---|---|",
        *rows(p for p, entry in packages if entry["shipped"]),
        "",
        "Native libraries hold work of further people. What their packages say of it lies in the program's folder `licenses/` (of one file: where it unpacks, below `~/.net/onnxviz`): `licenses/onnxruntime`,",
        "`licenses/skia`, and `licenses/dotnet` where .NET is inside.",
        "",
        "| part | licence | copyright | origin |",
        "|---|---|---|---|",
        *(f"| {name} | {licence} | {copyright} | {address} |" for name, licence, copyright, address in OTHER_PARTS),
        "",
        "Models, pictures and data: [onnx-models/README.md](onnx-models/README.md) has origin and licence of each.",
        "",
        "## In nothing that is handed on",
        "",
        "What builds, tests and measures.",
        "",
        "| package | version | licence | copyright |",
        "|---|---|---|---|",
        *rows(p for p, entry in packages if not entry["shipped"]),
        "",
        "## The licences",
    ]
    for name in TEXTS:
        with open(os.path.join(ROOT, "tools/licences", name + ".txt"), encoding="utf-8") as file:
            lines += ["", f"### {name}", "", "```", *(line.rstrip() for line in file.read().strip("\n").split("\n")), "```"]
    return "\n".join(lines) + "\n"


def component(package):
    made = {
        "type": "library",
        "bom-ref": f"pkg:nuget/{package.name}@{package.version}",
        "authors": [{"name": package.authors}],
        "name": package.name,
        "version": package.version,
        "description": package.description,
        "hashes": [{"alg": "SHA-512", "content": package.sha512()}],
        "licenses": [{"license": {"id": package.licence}}],
        "copyright": package.copyright,
        "purl": f"pkg:nuget/{package.name}@{package.version}",
    }
    if package.address:
        made["externalReferences"] = [{"type": "website", "url": package.address}]
    return made


def carried():
    """The networks, with the hashes that the program checks."""
    with open(os.path.join(ROOT, "onnx-models/models.json"), encoding="utf-8") as file:
        for model in json.load(file)["models"]:
            if os.path.exists(os.path.join(ROOT, "onnx-models", model["file"])):
                yield {
                    "type": "machine-learning-model",
                    "bom-ref": f"model:{model['name']}",
                    "name": model["name"],
                    "description": model["title"],
                    "hashes": [{"alg": "SHA-256", "content": model["sha256"]}],
                    "licenses": [{"license": {"id": model["licence"]}}],
                    "copyright": model["attribution"],
                }


def bill(packages):
    with open(os.path.join(ROOT, "Directory.Build.props"), encoding="utf-8") as file:
        version = re.search(r"<Version>(.*)</Version>", file.read()).group(1)
    shipped = [(p, entry) for p, entry in packages if entry["shipped"]]
    known = {(p.name, p.version) for p, _ in shipped}
    models = list(carried())
    refs = sorted(f"pkg:nuget/{n}@{v}" for n, v in known)
    made = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": f"onnxviz@{version}",
                "name": "onnxviz",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
            },
        },
        "components": [
            *(component(p) for p, _ in shipped),
            {"type": "framework", "bom-ref": "dotnet-runtime", "name": ".NET runtime", "version": "10.0", "licenses": [{"license": {"id": "MIT"}}]},
            {"type": "data", "bom-ref": "inter", "name": "Inter", "licenses": [{"license": {"id": "OFL-1.1"}}]},
            *models,
        ],
        "dependencies": [
            {"ref": f"onnxviz@{version}", "dependsOn": refs + ["dotnet-runtime", "inter"] + [m["bom-ref"] for m in models]},
            *({"ref": f"pkg:nuget/{p.name}@{p.version}", "dependsOn": sorted(f"pkg:nuget/{n}@{v}" for n, v in entry["needs"] if (n, v) in known)} for p, entry in shipped),
        ],
    }
    text = json.dumps(made, sort_keys=True)
    # A name for exactly this list.
    return {**made, "serialNumber": f"urn:uuid:{uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4)}"}


def main():
    arguments = sys.argv[1:]
    path = os.path.join(ROOT, "THIRD-PARTY.md")
    if arguments == []:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(document(read_packages()))
    elif arguments == ["--check"]:
        with open(path, encoding="utf-8") as file:
            there = file.read()
        wanted = document(read_packages())
        if there != wanted:
            for line in sorted(set(wanted.split("\n")) ^ set(there.split("\n"))):
                print(line)
            sys.exit("THIRD-PARTY.md is not as tools/third_party.py writes it.")
    elif len(arguments) == 2 and arguments[0] == "--sbom":
        with open(arguments[1], "w", encoding="utf-8", newline="\n") as file:
            json.dump(bill(read_packages()), file, indent=2, ensure_ascii=False)
            file.write("\n")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
