#!/usr/bin/env bash
# Makes a folder that serves as a NuGet feed with packages of the names and the layout of Microsoft's ONNX Runtime packages, from
# the files that src/OnnxRuntime fetches from npm. It is there to try -p:OrtSource=nuget where no registry has the real ones:
#
#   tools/make-nuget-feed.sh FEED
#   dotnet build src/OnnxViz.Cli -c Release -p:OrtSource=nuget -p:RestoreAdditionalProjectSources=FEED -p:RestorePackagesPath=FEED/used
#
# RestorePackagesPath keeps these packages out of the user's package cache, where they would later pass for the real ones.
set -euo pipefail

feed=$(realpath -m "${1:?usage: make-nuget-feed.sh FEED}")
root=$(cd "$(dirname "$0")/.." && pwd)
ort=$root/src/OnnxRuntime
version=$(sed -n 's|.*<OrtVersion>\(.*\)</OrtVersion>.*|\1|p' "$ort/Source.props")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Fetches everything, the CUDA files too, and compiles the C# API.
dotnet build "$root/src/OnnxViz.Cli" -c Release -m:1 -nodeReuse:false -v:q -p:OrtGpu=true

# pack NAME "DEPENDENCY ..." "FILE=FOLDER ..."
pack() {
    local name=$1 project=$work/$1/$1.csproj item
    mkdir "$work/$1"
    {
        echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup>'
        echo "<TargetFramework>net10.0</TargetFramework><PackageId>$name</PackageId><Version>$version</Version>"
        echo '<IncludeBuildOutput>false</IncludeBuildOutput><NoWarn>NU5128;NU5127;NU5131</NoWarn></PropertyGroup><ItemGroup>'
        for item in $2; do echo "<PackageReference Include=\"${item%=*}\" Version=\"${item#*=}\" />"; done
        for item in $3; do echo "<None Include=\"${item%=*}\" Pack=\"true\" PackagePath=\"${item#*=}\" />"; done
        echo '</ItemGroup></Project>'
    } > "$project"
    dotnet pack "$project" -c Release -o "$feed" -v:q --nologo \
        -p:RestoreAdditionalProjectSources="$feed" -p:RestorePackagesPath="$feed/used"
}

packages=$ort/.packages
main=$(echo "$packages"/com.github.asus4.onnxruntime-*/Plugins)
gpu=$(echo "$packages"/com.github.asus4.onnxruntime.linux-x64-gpu-*/Plugins/Linux/x64)
node=$(echo "$packages"/onnxruntime-node-*/bin/napi-v6/linux/x64)
cp "$node/libonnxruntime.so.1" "$work/libonnxruntime.so"
managed=Microsoft.ML.OnnxRuntime.Managed
name=Microsoft.ML.OnnxRuntime.Gpu

rm -rf "$feed"
mkdir -p "$feed"
pack $managed System.Numerics.Tensors=9.0.19 "$ort/bin/Release/net10.0/Microsoft.ML.OnnxRuntime.dll=lib/net10.0"
pack $name.Linux $managed="$version" "$work/libonnxruntime.so=runtimes/linux-x64/native \
    $main/Linux/x64/libonnxruntime_providers_shared.so=runtimes/linux-x64/native $gpu/libonnxruntime_providers_cuda.so=runtimes/linux-x64/native"
pack $name.Windows $managed="$version" "$main/Windows/x64/onnxruntime.dll=runtimes/win-x64/native"
pack $name "$managed=$version $name.Linux=$version $name.Windows=$version" ""
ls -l "$feed"/*.nupkg
