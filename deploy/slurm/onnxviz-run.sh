#!/bin/bash
# All of it: submits the parts that are missing, waits, submits those that got lost, joins them.
#   onnxviz-run.sh PARTS N OUT VERB OPTIONS...
#   onnxviz-run.sh parts 16 conv3_3.png maximize --layer conv3_3 --unit all --threads 2
# SBATCH_OPTIONS (such as "--partition=long --mem=8G") goes to sbatch, ONNXVIZ names the program, ONNXVIZ_ROUNDS how often (3).
set -u
if [ $# -lt 4 ]; then
    echo "usage: $0 PARTS N OUT VERB OPTIONS..." >&2
    exit 2
fi
parts=$1 shards=$2 out=$3
shift 3
program=${ONNXVIZ:-onnxviz}
script=$(cd "$(dirname "$0")" && pwd)/onnxviz-array.sbatch
mkdir -p "$parts" || exit 1

for round in $(seq "${ONNXVIZ_ROUNDS:-3}"); do
    missing=$($program merge --missing "$parts" 2>/dev/null) && break
    # Before the first part is there nothing says how many there are to be.
    missing=${missing:-1-$shards}
    echo "round $round: parts $missing"
    # shellcheck disable=SC2086
    sbatch --wait ${SBATCH_OPTIONS:-} --array="$missing" "$script" "$parts" "$shards" "$@"
    code=$?
    if [ $code -eq 2 ] || [ $code -eq 3 ]; then
        echo "the command or the files are wrong: see onnxviz-*.log" >&2
        exit $code
    fi
done

exec $program merge "$parts" -o "$out"
