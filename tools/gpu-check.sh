#!/usr/bin/env bash
# Everything about CUDA that only a GPU can tell, on a machine that has its libraries, python3 with PyTorch, and nothing else: numbers
# beside the CPU's, times beside PyTorch's, memory. Under eight minutes on an H100 or H200. docs/gpu.md says how.
#
#   tools/gpu-check.sh unpack FOLDER      unpacks what is there of tools/gpu-pack.sh's two packages
#   tools/gpu-check.sh [STAGE...]         runs stages; all of them by default: doctor numbers times torch memory
#
# DEVICE=cpu runs all of it on the CPU with a step or two, to see that the script is right: every comparison must then be exact.
# ONNXVIZ=PROGRAM names another program than the unpacked one, OUT=FOLDER where results go, GOOGLENET=FILE.onnx a network for its row.
set -uo pipefail
device=${DEVICE:-cuda}
place=${PLACE:-/tmp/onnxviz-gpu}
root=$(cd "$(dirname "$0")/.." && pwd)
out=${OUT:-$place/out}
program=${ONNXVIZ:-$place/app/onnxviz}
picture=$root/onnx-models/images/chelsea.png
googlenet=${GOOGLENET:-$place/googlenet.onnx}
python=${PYTHON:-python3}
failed=0
export ONNXVIZ_MODELS=$root/onnx-models ONNXVIZ_CACHE=$place/cache

if [ "${1:-}" = unpack ]; then
  [ $# -eq 2 ] || { echo "unpack takes one folder" >&2; exit 2; }
  mkdir -p "$place/app"
  for file in "$2"/provider/*.so.xz "$2"/*.so.xz; do
    [ -f "$file" ] && xz -dc "$file" > "$place/$(basename "$file" .xz)"
  done
  for file in "$2"/program/onnxviz.tar.xz "$2"/onnxviz.tar.xz; do
    [ -f "$file" ] && xz -dc "$file" | tar -C "$place/app" -xf -
  done
  for file in "$2"/program/googlenet.onnx "$2"/googlenet.onnx; do
    [ -f "$file" ] && cp "$file" "$place/"
  done
  # The provider has to lie beside ONNX Runtime, whichever package came first.
  [ -f "$place/libonnxruntime_providers_cuda.so" ] && ln -sf "$place/libonnxruntime_providers_cuda.so" "$place/app/"
  ls -la "$place" "$place/app" | grep -E 'onnx' || true
  exit 0
fi

# Every folder of the nvidia Python packages that holds a library.
libraries=$("$python" - <<'P'
import glob, os, site, sys
folders = set()
for base in site.getsitepackages() + [site.getusersitepackages()] + sys.path:
    for file in glob.glob(base + '/nvidia/**/*.so*', recursive=True):
        folders.add(os.path.dirname(file))
print(':'.join(sorted(folders)))
P
)
export LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
mkdir -p "$out/raw" "$out/pictures"
cd "$out" || exit 1
quick=; [ "$device" = cpu ] && quick=yes

now() { date +%s.%N; }
since() { "$python" -c "print(f'{$(now) - $1:.2f}')"; }
say() { printf '\n== %s (%s s)\n' "$1" "$(since "$started")"; }
started=$(now)

# Runs the program; what it says goes to a log, whose end is shown where it fails.
run() {
  local log=log.$BASHPID
  if "$program" "$@" --quiet > "$log" 2>&1; then return 0; fi
  echo "FAIL onnxviz $*: $(tail -n 3 "$log" | tr '\n' ' ')"
  failed=$((failed + 1))
  return 1
}

# The same here (CPU) and there; the names are compared in the end.
both() {
  local name=$1 limit=$2
  shift 2
  run "$@" --device cpu --raw "raw/$name.here.npy" &
  local here=$!
  run "$@" --device "$device" --raw "raw/$name.there.npy"
  wait "$here"
  compared+=("$name=$([ -n "$quick" ] && echo 1e-9 || echo "$limit")")
}

doctor() {
  say doctor
  nvidia-smi -L 2>/dev/null || echo "no nvidia-smi"
  "$program" doctor
}

numbers() {
  say "numbers: CUDA beside the CPU"
  compared=()
  local lite=(saliency -m efficientnet-lite0 -i "$picture") vgg=(saliency -m vgg16-body -i "$picture" --layer conv5_1 --unit 5) m
  for m in gradient guided deconv; do both "vgg-$m" 2e-3 "${vgg[@]}" --method "$m"; done
  # These run a network a thousand times, which a CPU need not do twice.
  local often=(ablation-cam score-cam)
  [ -n "$quick" ] && often=()
  for m in gradient guided input-x-gradient integrated-gradients grad-cam grad-cam++ layer-cam eigen-cam guided-grad-cam "${often[@]}"; do both "lite0-$m" 2e-3 "${lite[@]}" --method "$m"; done
  both lite0-occlusion 1e-3 "${lite[@]}" --method occlusion --stride 32
  both lite0-smoothgrad 5e-3 "${lite[@]}" --method smoothgrad --samples 4
  both lite0-rise 1e-3 "${lite[@]}" --method rise --masks "$([ -n "$quick" ] && echo 4 || echo 64)"
  both deconv 1e-4 deconv -m vgg16-body -i "$picture" --layer relu4_3 --top 4
  both activations 1e-4 activations -m vgg16-body -i "$picture" --layer conv3_3
  local tensor=(maximize -m vgg16-body --layer conv5_1 --unit 5 --param tensor --size "${SIZE:-224}" --steps "${STEPS:-8}" --redirect-steps 0 --restarts 0 --precision float32)
  both maximize-tensor 1e-3 "${tensor[@]}"
  both maximize-pixel-sgd 1e-3 maximize -m vgg16-body --layer conv3_3 --unit 5,6 --recipe erhan2009 --size 64 --steps 4 --precision float32
  both maximize-class 1e-2 maximize -m efficientnet-lite0 --class 282 --param tensor --optimizer sgd --lr 100 --steps 3 --transforms none --precision float32
  # Adam turns the sign of vanishing gradients into whole steps.
  both maximize-fourier 1e-1 maximize -m vgg16-body --layer conv3_3 --unit 5 --size 64 --steps 8 --precision float32
  both maximize-tf32 1e-1 maximize -m vgg16-body --layer conv5_1 --unit 5 --param tensor --size 128 --steps 8 --precision tf32
  both invert 1e-3 invert -m vgg16-body -i "$picture" --layer conv3_3 --recipe plain --steps "${STEPS:-10}" --precision float32
  for network in "$root"/shared/models/dynamo/*.onnx "$root"/../shared/models/dynamo/*.onnx; do
    [ -f "$network" ] && both "$(basename "$network" .onnx)" 1e-2 saliency -m "$network" --input-tensor "$(dirname "$network")/input.npy" --class 3 --method gradient
  done
  for network in "$root"/tests/OnnxViz.Tests/Fixtures/deconv/*.onnx; do
    both "operators-$(basename "$network" .onnx)" 1e-4 saliency -m "$network" --input-tensor "${network%.onnx}.input.npy" --layer "$(layer_of "$network")" --unit 0 --method gradient
  done
  "$python" "$root/tools/gpu/compare.py" raw "${compared[@]}" || failed=$((failed + 1))
  say "numbers: gradients beside differences, computed on the device"
  if ! "$program" check-grad -m efficientnet-lite0 --device "$device" > check 2>&1; then failed=$((failed + 1)); fi
  tail -n 12 check
}

# The last layer that the program knows of.
layer_of() { "$program" summary "$1" --json 2>/dev/null | "$python" -c "import json,sys; print(json.load(sys.stdin)['layers'][-1]['name'])"; }

# Milliseconds of a step: the difference of a long and a short run, the ways to run it being chosen before.
step() {
  local name=$1 short=$2 long=$3
  shift 3
  if [ -n "$quick" ]; then short=1 long=2; fi
  local t0 t1 t2
  run "$@" --device "$device" --steps "$long" --raw raw/time.npy --json > /dev/null || return
  t0=$(now); run "$@" --device "$device" --steps "$short" --raw raw/time.npy
  t1=$(now); run "$@" --device "$device" --steps "$long" --raw raw/time.npy
  t2=$(now)
  "$python" -c "print(f'$name: {(($t2 - $t1) - ($t1 - $t0)) / ($long - $short) * 1e3:.2f} ms a step; {$t2 - $t1:.1f} s for the command of $long steps')"
  how "$@"
}

# How its steps were run, as the picture's manifest tells.
how() {
  local precision
  precision=$("$program" "$@" --device "$device" --steps 1 --raw raw/time.npy --json 2>/dev/null | "$python" -c "import json,sys; print(json.load(sys.stdin).get('precision', 'on the CPU'))" 2>/dev/null)
  echo "   $precision"
}

times() {
  say "times: ours"
  local size=224 many=0-31 p
  [ -n "$quick" ] && size=32 many=0-1
  local plain=(--param tensor --transforms none --tv 0 --redirect-steps 0 --restarts 0)
  for p in tf32 float32; do
    step "conv5_1 b1 $p" 100 500 maximize -m vgg16-body --layer conv5_1 --unit 5 "${plain[@]}" --size "$size" --precision "$p"
    step "conv5_1 b32 $p" 20 80 maximize -m vgg16-body --layer conv5_1 --unit "$many" "${plain[@]}" --size "$size" --precision "$p"
    step "conv3_3 b1 $p" 100 500 maximize -m vgg16-body --layer conv3_3 --unit 5 "${plain[@]}" --size "$size" --precision "$p"
    step "lite0 b1 $p" 100 500 maximize -m efficientnet-lite0 --class 282 "${plain[@]}" --precision "$p"
    step "lite0 b32 $p" 20 80 maximize -m efficientnet-lite0 --class "$many" "${plain[@]}" --precision "$p"
    if [ -f "$googlenet" ]; then
      step "inception4a b1 $p" 100 500 maximize -m "$googlenet" --layer inception4a --unit 5 "${plain[@]}" --size 224 --precision "$p"
      step "inception4a b32 $p" 20 80 maximize -m "$googlenet" --layer inception4a --unit "$many" "${plain[@]}" --size 224 --precision "$p"
    fi
  done
  local recipe=(maximize -m vgg16-body --layer conv4_3 --unit 0-47 --redirect-steps 0 --restarts 0)
  [ -n "$quick" ] && recipe=(maximize -m vgg16-body --layer conv1_2 --unit 0-1 --size 32 --redirect-steps 0 --restarts 0)
  step "default recipe, conv4_3, 48 units" 16 144 "${recipe[@]}"
  say "times: a whole layer with its pictures on disk"
  local t0 units=256 layer=conv3_3 more=()
  [ -n "$quick" ] && units=2 layer=conv1_2 more=(--size 32 --steps 2)
  t0=$(now)
  run maximize -m vgg16-body --layer "$layer" --unit "0-$((units - 1))" "${more[@]}" --device "$device" -o pictures/
  "$python" -c "s = $(now) - $t0; print(f'$units units of $layer: {s:.1f} s; 4,224 units at this rate: {s / $units * 4224 / 60:.1f} min')"
  ls pictures | wc -l
  t0=$(now); run saliency -i "$picture" --method gradient --device "$device" --raw raw/time.npy; echo "one gradient, whole command: $(since "$t0") s"
}

torch_side() {
  say "times: PyTorch"
  "$python" "$root/tools/gpu/torch_steps.py" --device "$device" ${quick:+--quick --batches 1}
}

memory() {
  say memory
  local most=0 used
  run maximize -m vgg16-body --layer conv5_1 --unit "$([ -n "$quick" ] && echo 0-1 || echo 0-31)" --param tensor --size "$([ -n "$quick" ] && echo 32 || echo 224)" --steps "$([ -n "$quick" ] && echo 2 || echo 200)" --device "$device" --raw raw/time.npy &
  local child=$!
  while kill -0 "$child" 2>/dev/null; do
    used=$(nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits 2>/dev/null | head -n 1)
    [ "${used:-0}" -gt "$most" ] 2>/dev/null && most=$used
    sleep 0.2
  done
  wait "$child"
  echo "conv5_1 b32: at most $most MiB of the GPU in use"
}

[ -x "$program" ] || { echo "There is no $program: unpack the packages first, or name one in ONNXVIZ." >&2; exit 2; }
stages=("$@")
[ ${#stages[@]} -gt 0 ] || stages=(doctor numbers times torch memory)
for stage in "${stages[@]}"; do
  case $stage in
    doctor | numbers | times | memory) "$stage" ;;
    torch) torch_side ;;
    *) echo "No stage '$stage': doctor numbers times torch memory" >&2; exit 2 ;;
  esac
done
say "done, $failed failures"
[ "$failed" -eq 0 ]
