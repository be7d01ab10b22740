#!/usr/bin/env bash
# Reads damaged files of every kind with the address sanitizer on: nothing may crash, hang for over a
# second or take over a gigabyte, and every error must name its file.
#
#   Scripts/mutations.sh [COUNT]     mutations of each kind, 10,000 by default
#
# Builds into .build/sanitized, prints a table in Markdown, and fails where a rule is broken.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-10000}
swift build --sanitize=address --scratch-path .build/sanitized --product Mutations
swift build --sanitize=address --scratch-path .build/sanitized --product bench
program=.build/sanitized/debug
# Plans and catalogues live until the end; what can be read is not what leaks.
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1
fixtures=Tests/DomainsTests/Fixtures
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$program/bench" compare --pairs 'moons:rotated-0->rotated-30' --methods source-only,coral \
  --repetitions 2 --resamples 10 --quiet --out "$work/run" >/dev/null
sqlite=$work/run/results.sqlite

printf 'a,b,label\n1,2.5,"x, ""y"""\n-3e4,,z\n4,NaN,x\n' >"$work/small.csv"
gzip -kn "$work/small.csv"

echo '| kind | mutations | refused | read | slowest | peak memory | complaints |'
echo '|---|---:|---:|---:|---:|---:|---:|'
failed=0
check() {
  "$program/Mutations" "$1" "$count" "${@:2}" || { echo "$1: exit status $?"; failed=1; }
}
check csv "$work/small.csv" "$work/small.csv.gz" "$work/run/runs.csv"
check mat "$fixtures"/matlab/{small,small-compressed,small-hdf5,small-sparse}.mat
check npy "$fixtures"/numpy/{b1,fortran,scalar,text,version-2,version-3,u8-big,f4-little}.npy
check npz "$fixtures"/numpy/deflated.npz
check safetensors "$fixtures"/weights/{small,types}.safetensors
check idx "$fixtures"/idx/*
check png "$fixtures"/png/{bits,colour,gamma,gray,palette}/*/*.png
check card Sources/Domains/Resources/data-cards/[a-z]*.md
check plan "$work/run/plan.yml"
check store "$sqlite"
exit "$failed"
