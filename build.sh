#!/usr/bin/env bash
# build.sh [OPTIONS...]                restore, build, test, and a folder that runs: artifacts/onnxviz
# build.sh models [OPTIONS...]         VGG16, GoogLeNet and AlexNet, fetched, checked and prepared in artifacts/models; what is there already is taken as it is
# build.sh pack [OPTIONS...]           artifacts/packages: the library, and the program as `dotnet tool install` takes it
# build.sh publish [RID... OPTIONS...] artifacts/publish/RID: one file that needs no .NET, for each system (linux-x64 linux-arm64 osx-arm64 win-x64)
# build.sh container [cpu|cuda]        the image onnxviz or onnxviz-cuda, by podman, docker or buildah
# build.sh release [OPTIONS...]        artifacts/release: pack, publish, an archive for each system, the list of parts, checksums
# build.sh accept [WORD]               received snapshots, all or those whose path has the word, become the verified ones; look at them first
# OPTIONS go to every step of dotnet, such as -p:OrtGpu=true.
set -euo pipefail
cd "$(dirname "$0")"
systems=(linux-x64 linux-arm64 osx-arm64 win-x64)

build() {
    dotnet restore "$@"
    dotnet build -c Release --no-restore "$@"
    dotnet test -c Release --no-build "$@"
    dotnet publish src/OnnxViz.Cli -c Release --no-build -o artifacts/onnxviz "$@"
    echo "dotnet artifacts/onnxviz/onnxviz.dll demo"
}

models() {
    dotnet build src/OnnxViz.Cli -c Release "$@"
    onnxviz() { dotnet src/OnnxViz.Cli/bin/Release/net10.0/onnxviz.dll "$@"; }
    if ! onnxviz pull vgg16 googlenet alexnet; then
        echo "build.sh: the classics are not all here. Without a network, bring the files as the line above says, or export them: tools/export/README.md." >&2
        exit 1
    fi
    onnxviz prepare vgg16 -o artifacts/models/vgg16 --layers conv3_3,conv4_3,conv5_3,scores --rules default,guided
    onnxviz prepare googlenet -o artifacts/models/googlenet --layers scores --rules default,guided
    onnxviz prepare alexnet -o artifacts/models/alexnet --layers conv3,conv5,scores --rules default,guided
}

pack() {
    rm -rf artifacts/packages
    dotnet pack src/OnnxViz -c Release -o artifacts/packages "$@"
    dotnet pack src/OnnxViz.Cli -c Release -p:Tool=true -p:OrtGpu=false -o artifacts/packages "$@"
}

publish() {
    local chosen=()
    while [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; do
        chosen+=("$1")
        shift
    done
    [ ${#chosen[@]} -gt 0 ] || chosen=("${systems[@]}")
    for system in "${chosen[@]}"; do
        rm -rf "artifacts/publish/$system"
        dotnet publish src/OnnxViz.Cli -c Release -r "$system" -p:PublishProfile=single-file -p:OrtGpu=false -o "artifacts/publish/$system" "$@"
        cp LICENSE THIRD-PARTY.md "artifacts/publish/$system"
    done
}

container() {
    local kind=${1-cpu} engine
    case $kind in
        cpu) local name=onnxviz file=deploy/Containerfile ;;
        cuda) local name=onnxviz-cuda file=deploy/Containerfile.cuda ;;
        *) echo "build.sh: There is a container for cpu and for cuda, not for '$kind'." >&2; exit 2 ;;
    esac
    for engine in podman docker buildah; do
        if "$engine" info > /dev/null 2>&1; then
            "$engine" build -t "$name" -f "$file" .
            return
        fi
    done
    echo "build.sh: No container engine runs here: podman, docker or buildah is needed." >&2
    exit 1
}

release() {
    pack "$@"
    publish "$@"
    rm -rf artifacts/release
    mkdir -p artifacts/release
    cp artifacts/packages/*.nupkg artifacts/release/
    local version
    version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
    for system in "${systems[@]}"; do
        python3 tools/archive.py "artifacts/publish/$system" "artifacts/release/onnxviz-$version-$system"
    done
    python3 tools/third_party.py --sbom "artifacts/release/onnxviz-$version.cdx.json"
    (cd artifacts/release && sha256sum -- * > ../SHA256SUMS && mv ../SHA256SUMS .)
}

accept() {
    local word=${1-} accepted=0 received verified
    while IFS= read -r received; do
        case $received in *"$word"*) ;; *) continue ;; esac
        verified=${received/.received./.verified.}
        mv -f -- "$received" "$verified"
        rm -f -- "${received%.received.*}.difference.png"
        echo "accepted $verified"
        accepted=$((accepted + 1))
    done < <(find Snapshots -type f -name '*.received.*' | LC_ALL=C sort)
    echo "$accepted accepted"
}

target=build
case "${1-}" in
    models | pack | publish | container | release | accept) target=$1; shift ;;
    -* | '') ;;
    *) sed -n '2,9s/^# //p' "$0" >&2; exit 2 ;;
esac
"$target" "$@"
