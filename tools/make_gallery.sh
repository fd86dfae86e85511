#!/bin/sh
# Makes the pictures of README's gallery: runs every command there, in a folder with the carried photographs.
# Usage: tools/make_gallery.sh [PATTERN]   only the commands that contain the pattern
# Wants the program built (dotnet build -c Release); takes about half an hour on two cores.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/onnx-models/images" "$work/images"
cp "$work"/images/*.* "$work"
cd "$work"

onnxviz() {
    for last in "$@"; do :; done
    case "$*" in *"${pattern}"*) ;; *) return 0 ;; esac
    echo "onnxviz $*"
    dotnet "$root/src/OnnxViz.Cli/bin/Release/net10.0/onnxviz.dll" "$@" --quiet < /dev/null
    # A training run is there for the command after it.
    if [ -d "$last" ]; then return 0; fi
    case "$last" in classes.png) cp "$last" "$root/docs/" ;; *) mkdir -p "$root/docs/gallery" && cp "$last" "$root/docs/gallery/" ;; esac
}

pattern=${1-}
# A network out of a package of 60 MB, only for the commands that name it.
case "resnet18-mlnet resnet18.png" in *"$pattern"*)
    package="$root/tests/OnnxViz.RealNetworks"
    dotnet restore "$package" > /dev/null
    export XDG_DATA_HOME="$work/data"
    dotnet "$root/src/OnnxViz.Cli/bin/Release/net10.0/onnxviz.dll" pull resnet18-mlnet --from "$(dotnet build "$package" -c Release --no-restore -t:NameResNet18 -getProperty:ResNet18)" ;;
esac
# The rows of which README names the first only.
for grid in conv2_1:110 conv3_1:120 conv4_1:140 conv5_1:160; do
    layer=${grid%:*}
    onnxviz maximize --layer "$layer" --unit random:10 --size "${grid#*:}" --steps 80 --columns 5 -o "$layer.png"
done
# All others as README has them.
sed -n '/^## Gallery/,/^## Prepared/p' "$root/README.md" | grep -o '`onnxviz [^`]*`' | tr -d '`' | grep -- ' -o ' > commands
while read -r line; do eval "$line"; done < commands
