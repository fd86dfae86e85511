#!/usr/bin/env bash
# Restore, build, test, and a folder that runs: artifacts/onnxviz. Arguments go to every step, such as -p:OrtGpu=true.
set -euo pipefail
cd "$(dirname "$0")"

dotnet restore "$@"
dotnet build -c Release --no-restore "$@"
dotnet test -c Release --no-build "$@"
dotnet publish src/OnnxViz.Cli -c Release --no-build -o artifacts/onnxviz "$@"
echo "dotnet artifacts/onnxviz/onnxviz.dll demo"
