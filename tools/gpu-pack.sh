#!/usr/bin/env bash
# Packs the program for a machine with an NVIDIA GPU that has neither .NET nor ONNX Runtime: a self-contained publish for linux-x64 with
# ONNX Runtime's CUDA provider, that one pruned to the kernels of one kind of GPU, in two packages of less than 64 MiB.
#
#   tools/gpu-pack.sh FOLDER [ARCHITECTURE]
#
# FOLDER/provider and FOLDER/program are made; ARCHITECTURE is the compute capability without its point, 90 (H100, H200) by default.
# tools/gpu-check.sh unpacks them there: docs/gpu.md.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }
folder=$(mkdir -p "$1" && cd "$1" && pwd)
architecture=${2:-90}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
most=$((64 * 1024 * 1024))

dotnet publish "$root/src/OnnxViz.Cli" -c Release -r linux-x64 --self-contained -p:OrtGpu=true -p:PublishSingleFile=false -o "$work/app" --nologo -v quiet
provider=$work/app/libonnxruntime_providers_cuda.so
[ -f "$provider" ] || { echo "The publish holds no CUDA provider: is Microsoft.ML.OnnxRuntime.Gpu.Linux restored?" >&2; exit 1; }

mkdir -p "$folder/provider" "$folder/program"
python3 "$root/tools/gpu/prune_provider.py" "$provider" "$work/provider.so" "$architecture"
xz -3 -T2 -c "$work/provider.so" > "$folder/provider/libonnxruntime_providers_cuda.so.xz"
# The networks are in the checkout; providers for other devices are of no use.
rm -rf "$provider" "$work/app/onnx-models" "$work"/app/libonnxruntime_providers_tensorrt.so "$work"/app/*.pdb
tar -C "$work/app" -cf - . | xz -6 -T2 -c > "$folder/program/onnxviz.tar.xz"
if [ -n "${GOOGLENET:-}" ]; then cp "$GOOGLENET" "$folder/program/googlenet.onnx"; fi

for part in provider program; do
  bytes=$(du -sb "$folder/$part" | cut -f1)
  echo "$part: $((bytes / 1024 / 1024)) MiB"
  [ "$bytes" -lt "$most" ] || { echo "$folder/$part is larger than 64 MiB: $bytes bytes." >&2; exit 1; }
done
