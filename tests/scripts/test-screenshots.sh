#!/bin/sh
# The script that makes screenshots still makes them: one view, from a run of a few seconds.  usage: test-screenshots.sh SCRIPT BUILD
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
THEMES=dark LANGUAGES=zh_CN SIZE=1024x700 RECIPE="--device cpu --set batch=8 --set ngf=4 --set nz=12 --set syntheses=4 --set warmup=1 --set kd_steps=2 --set k=2 --set data=none" \
  "$1" "$2" "$folder/out" timing
picture="$folder/out/dark-zh_CN/timing.png"
[ "$(find "$folder" -name '*.png' | wc -l)" = 1 ] || { echo "expected one picture"; exit 1; }
[ "$(head -c 4 "$picture" | tail -c 3)" = PNG ] || { echo "$picture is no PNG"; exit 1; }
[ "$(wc -c < "$picture")" -gt 10000 ] || { echo "$picture is nearly empty"; exit 1; }
if THEMES=dark LANGUAGES=en "$1" "$2" "$folder/none" nothing-of-that-name > /dev/null 2>&1; then
  echo "a view that there is not was taken"
  exit 1
fi
