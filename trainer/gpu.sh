#!/bin/sh
# What a GPU is for: it trains the teacher, PosterNet and CNN64 in PyTorch (trainer/python/teacher.py), and prints how many
# posters a second learn on it: CNN32 and PosterNet in PyTorch, and CNN32 with `marquee train --device gpu`.
#
#     trainer/gpu.sh DATASET OUT
#
# DATASET is what `marquee build` made; the files go to the folder OUT. `marquee` must be installed with GPU support
# (`cargo install --path trainer`), or MARQUEE must name it, and `python3` must have what
# trainer/python/teacher.py needs. docs/BENCHMARKS.md has what it printed.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: trainer/gpu.sh DATASET OUT" >&2
  exit 2
fi
data=$1 out=$2
marquee=${MARQUEE:-marquee}
trainer=$(dirname "$0")
mkdir -p "$out"

echo "PyTorch's training steps on this GPU, batches of 256, posters a second, for CNN32 and PosterNet:"
printf 'cnn32 32 32\nposternet 240 160\n' |
  PYTHONPATH=$trainer/python python3 "$trainer/benches/python/pytorch.py" 4 256 5 cuda

echo "CNN32 with marquee train --device gpu; an epoch's seconds include evaluation:"
rm -rf "$out/rate"
"$marquee" train --data "$data" --recipe "$trainer/recipes/cnn32.toml" --epochs 4 --batch 256 --device gpu \
  --out "$out/rate"

python3 "$trainer/python/teacher.py" --data "$data" --out "$out/teacher.safetensors" \
  --posternet "$out/posternet.safetensors" --cnn64 "$out/cnn64.safetensors"
for network in posternet cnn64; do
  "$marquee" import --data "$data" --network $network --weights "$out/$network.safetensors" \
    --out "$out/$network/best.safetensors"
  "$marquee" export --run "$out/$network" --data "$data" --out "$out/$network-exported.safetensors" --half --bits 6
done
