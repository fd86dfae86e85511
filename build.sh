#!/usr/bin/env bash
# Restore, build, test, and a folder that runs: artifacts/onnxviz. Arguments go to every step, such as -p:OrtGpu=true.
# build.sh models: VGG16, GoogLeNet and AlexNet, fetched, checked and prepared in artifacts/models; what is there already is taken as it is.
# build.sh accept [WORD]: received snapshots, all or those whose path has the word, become the verified ones. Look at them first.
set -euo pipefail
cd "$(dirname "$0")"

if [ "${1-}" = models ]; then
    shift
    dotnet build src/OnnxViz.Cli -c Release "$@"
    onnxviz() { dotnet src/OnnxViz.Cli/bin/Release/net10.0/onnxviz.dll "$@"; }
    if ! onnxviz pull vgg16 googlenet alexnet; then
        echo "build.sh: the classics are not all here. Without a network, bring the files as the line above says, or export them: tools/export/README.md." >&2
        exit 1
    fi
    onnxviz prepare vgg16 -o artifacts/models/vgg16 --layers conv3_3,conv4_3,conv5_3,scores --rules default,guided
    onnxviz prepare googlenet -o artifacts/models/googlenet --layers scores --rules default,guided
    onnxviz prepare alexnet -o artifacts/models/alexnet --layers conv3,conv5,scores --rules default,guided
    exit
fi

if [ "${1-}" = accept ]; then
    accepted=0
    while IFS= read -r received; do
        case $received in *"${2-}"*) ;; *) continue ;; esac
        mv -f -- "$received" "${received/.received./.verified.}"
        rm -f -- "${received%.received.*}.difference.png"
        echo "accepted ${received/.received./.verified.}"
        accepted=$((accepted + 1))
    done < <(find Snapshots -type f -name '*.received.*' | LC_ALL=C sort)
    echo "$accepted accepted"
    exit
fi

dotnet restore "$@"
dotnet build -c Release --no-restore "$@"
dotnet test -c Release --no-build "$@"
dotnet publish src/OnnxViz.Cli -c Release --no-build -o artifacts/onnxviz "$@"
echo "dotnet artifacts/onnxviz/onnxviz.dll demo"
