#!/usr/bin/env bash
# Runs the checks of github.yml and gitlab-ci.yml here: in a repository with a model, a picture and its explanations, in a clone of it, and in a clone in which the
# model was exchanged. Arguments: the program, a model, another version of it, a picture.
#   examples/ci/run-here.sh "dotnet $PWD/artifacts/onnxviz/onnxviz.dll" net.onnx net-int8.onnx cat.png
set -euo pipefail
[ $# -eq 4 ] || { echo "run-here.sh: PROGRAM MODEL OTHER_MODEL PICTURE are needed." >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
program=$1 model=$(realpath "$2") other=$(realpath "$3") picture=$(realpath "$4")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
onnxviz() { $program "$@"; }

# What somebody does once, and commits: the model, the picture, what the one makes of the other.
mkdir -p "$work/repository/.git" "$work/repository/models" "$work/repository/pictures"
cp "$model" "$work/repository/models/net.onnx"
cp "$picture" "$work/repository/pictures/"
cd "$work/repository"
onnxviz saliency -m models/net.onnx -i pictures/ --method grad-cam -o explanations/ --quiet

# The lines of a workflow file that run the program.
checks() { sed -n 's/^ *- \(run: \)\{0,1\}\(onnxviz .*\)$/\2/p' "$1"; }

# Runs a file's checks in the current folder and expects an exit code.
expect() {
    local code=0 lines
    lines=$(checks "$here/$1")
    [ -n "$lines" ] || { echo "run-here.sh: $1 has no check." >&2; exit 1; }
    eval "$lines" || code=$?
    [ "$code" -eq "$2" ] || { echo "run-here.sh: $1 ended with $code, not with $2: $3." >&2; exit 1; }
    for report in explanations.html explanations.xml; do
        [ -s "$report" ] || { echo "run-here.sh: $1 left no $report: $3." >&2; exit 1; }
    done
    echo "$1: $3: exit $code, as it should be"
}

for file in github.yml gitlab-ci.yml; do
    cp -r "$work/repository" "$work/clone"
    cd "$work/clone"
    expect $file 0 "another clone"
    cp "$other" models/net.onnx
    rm explanations.html explanations.xml
    expect $file 4 "another model"
    grep -q '<failure' explanations.xml
    onnxviz verify explanations/ --update --quiet
    expect $file 0 "another model, whose explanations were accepted"
    cd "$work"
    rm -rf "$work/clone"
done
