#!/bin/sh
# same_bits.sh SRC FILE…: builds same_bits.c and the files with gcc and clang, -O0, -O2 and -O3, and compares what they print.
set -eu
src=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "1..6"
n=0
for compiler in gcc clang; do
	for level in -O0 -O2 -O3; do
		n=$((n + 1))
		out=$folder/$compiler$level
		if ! command -v "$compiler" >/dev/null; then
			echo "ok $n $compiler $level # SKIP $compiler is not installed"
			continue
		fi
		if "$compiler" -std=c17 -D_GNU_SOURCE -ffp-contract=off "$level" -I "$src" "$@" -o "$out" -lm -pthread &&
			"$out" >"$out.txt" && { [ -f "$folder/first" ] || cp "$out.txt" "$folder/first"; } &&
			diff "$folder/first" "$out.txt" >"$folder/diff"; then
			echo "ok $n $compiler $level"
		else
			sed 's/^/# /' "$folder/diff" "$out.txt" 2>/dev/null || true
			echo "not ok $n $compiler $level"
		fi
	done
done
