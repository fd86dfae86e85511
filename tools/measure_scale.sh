#!/bin/bash
# The figures of docs/scale.md: CPU seconds for a step of a unit, for a picture of `top` and for a map of `saliency`, each as the difference of a longer
# and a shorter run, so that starting up does not count. CPU seconds, not seconds: other programs may run beside it.
#   ONNXVIZ="dotnet .../onnxviz.dll" tools/measure_scale.sh PICTURES      (a folder of 48 pictures or more)
set -eu
pictures=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cpu() {
    TIMEFORMAT='%U %S'
    { time ${ONNXVIZ:-onnxviz} "$@" --device cpu --quiet -o "$scratch/x.png" > /dev/null 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}

# cost NAME HOW_MANY_MORE LONGER -- SHORTER
cost() {
    local name=$1 more=$2 longer=() shorter=() to=longer
    shift 2
    for word in "$@"; do
        if [ "$word" = -- ]; then to=shorter; elif [ $to = longer ]; then longer+=("$word"); else shorter+=("$word"); fi
    done
    echo "$(cpu "${longer[@]}") $(cpu "${shorter[@]}")" | awk -v more="$more" -v name="$name" '{ printf "%-44s %8.3f CPU s each (%.1f - %.1f over %d)\n", name, ($1 - $2) / more, $1, $2, more }'
}

mkdir "$scratch/many" "$scratch/few"
find "$pictures" -type f \( -name '*.png' -o -name '*.jpg' \) | sort | head -48 > "$scratch/list"
n=0
while read -r file; do
    n=$((n + 1))
    cp "$file" "$scratch/many/$n.${file##*.}"
    if [ $n -le 16 ]; then cp "$file" "$scratch/few/$n.${file##*.}"; fi
done < "$scratch/list"

steady="--unit 0-3 --redirect-steps 0 --restarts 0"
for layer in conv1_2 conv2_2 conv3_3 conv4_3 conv5_3; do
    cost "maximize vgg16-body $layer, a step" 32 maximize --layer $layer $steady --steps 12 -- maximize --layer $layer $steady --steps 4
done
cost "maximize efficientnet-lite0 blocks.8.expand, a step" 32 maximize -m efficientnet-lite0 --layer blocks.8.expand $steady --steps 12 -- maximize -m efficientnet-lite0 --layer blocks.8.expand $steady --steps 4
steady="--unit 0-8 --no-maximize --no-deconv"
for layer in "vgg16-body --layer conv5_3" "vgg16-body --layer conv3_3" "efficientnet-lite0 --layer head"; do
    cost "top $layer, a picture" 32 top "$scratch/many" -m $layer $steady -- top "$scratch/few" -m $layer $steady
done
for method in gradient grad-cam; do
    cost "saliency efficientnet-lite0 $method, a map" 32 saliency -i "$scratch/many" --method $method -- saliency -i "$scratch/few" --method $method
done
