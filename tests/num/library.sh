#!/bin/sh
# library.sh BUILD SOURCE CC SANITIZER: libadem-num as others get it. It is installed into a folder of its own; every header
# compiles by itself; the example of its manual is built by pkg-config's word alone and run; and the archive asks for nothing
# but memory, text and mathematics of the C library. Prints TAP.
set -eu
build=$1 source=$2 cc=$3 sanitizer=$4
if [ "$sanitizer" != none ]; then
	echo "1..0 # SKIP the archive of a sanitizer build needs the sanitizer"
	exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
said=0
ok() {
	said=$((said + 1))
	echo "ok $said - $1"
}
echo "1..4"

meson install -C "$build" --destdir "$folder" --no-rebuild --quiet --tags devel >"$folder/log" 2>&1 || { sed 's/^/# /' "$folder/log"; exit 1; }
pc=$(find "$folder" -name adem-num.pc)
export PKG_CONFIG_LIBDIR="${pc%/*}" PKG_CONFIG_SYSROOT_DIR="$folder"
flags=$(pkg-config --cflags adem-num)
libs=$(pkg-config --libs adem-num)
ok "installed, and pkg-config knows it"

installed=$(find "$folder" -path '*/adem/num/*.h' | wc -l)
there=$(find "$source/src/num" -name '*.h' | wc -l)
if [ "$installed" -ne "$there" ]; then
	echo "# $installed headers of $there are installed: run meson setup --reconfigure"
	exit 1
fi
find "$folder" -path '*/adem/*.h' | while read -r header; do
	# shellcheck disable=SC2086 # flags are words
	echo "#include \"${header#*/include/adem/}\"" | $cc -std=c17 -Wall -Wextra -Wpedantic -Werror $flags -fsyntax-only -x c - ||
		{ echo "# $header"; exit 1; }
done
ok "every header compiles by itself"

sed -n '/^#include/,/^\.Ed/p' "$source/docs/adem-num.3" | sed -e '/^\.Ed/d' -e 's/\\e/\\/g' >"$folder/example.c"
# shellcheck disable=SC2086
$cc -std=c17 -Wall -Wextra -Werror $flags "$folder/example.c" $libs -o "$folder/example"
"$folder/example" >"$folder/said"
printf 'RW 1 1.08, one or more: 64 %%\nRW 2 0.54, one or more: 41 %%\n' | diff "$folder/said" - | sed 's/^/# /' >"$folder/diff"
if [ -s "$folder/diff" ]; then
	cat "$folder/diff"
	exit 1
fi
ok "the example of the manual builds and runs"

# What the archive uses and does not define, without libm's functions.
archive=$(find "$folder" -name libadem-num.a)
nm -u "$archive" | sed -n 's/^ *U //p' | sort -u >"$folder/used"
nm --defined-only "$archive" | sed -n 's/^[0-9a-f]* [A-Z] //p' | sort -u >"$folder/defined"
comm -23 "$folder/used" "$folder/defined" | grep -vxE "_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__assert_fail|abort|malloc|calloc|realloc|free|qsort|\
mem(chr|cmp|cpy|move|set)|__mem(cpy|move|set)_chk|str(len|cmp|chr)|(__)?v?snprintf(_chk)?|(__isoc99_)?sscanf|stderr|fwrite|fputs|\
a?(cos|sin|tan)h?|atan2|sincos|exp2?|expm1|log(10|2|1p)?|pow|sqrt|cbrt|hypot|erfc?|[lt]gamma(_r)?|ceil|floor|l?l?round|l?rint|trunc|\
fabs|fm(ax|in|od)|ldexp|frexp|modf|copysign" >"$folder/others" || true
if [ -s "$folder/others" ]; then
	sed 's/^/# not allowed in src\/num: /' "$folder/others"
	exit 1
fi
ok "it needs memory, text and mathematics of the C library and nothing else"
