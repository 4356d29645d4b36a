#!/bin/sh
# make check: layers, headers that stand alone, forbidden calls and words,
# format of everything; analyzer, lint and function size of the files changed
# since $BASE (default: every file; CI sets it to the parent it can see).
flags=$1
shift
cd "$(dirname "$0")/../.." || exit 1
bad=0
fail() { echo "check: $1"; bad=1; }
sh tests/lint/layers.sh || fail "layers"
for h in include/pilar/*.h; do
	# shellcheck disable=SC2086
	echo "typedef int t;" | gcc $flags -fsyntax-only -include "$h" -x c - ||
		fail "$h does not stand alone"
done
if grep -nE '\<(strcpy|strcat|strncpy|strncat|v?sprintf|gets|strtok|ato[ilf]|localtime|gmtime|ctime|asctime|mktemp|tmpnam)[[:space:]]*\(' "$@"; then
	fail "forbidden calls"
fi
grep -nwE 'TODO|FIXME|XXX' "$@" && fail "unfinished words"
clang-format --dry-run -Werror "$@" || fail "format (make format)"
changed=$(for f in "$@"; do case "$f" in src/*.c) echo "$f" ;; esac; done)
if [ -n "$BASE" ]; then
	changed=$(git diff --name-only --diff-filter=d "$BASE" -- 'src/*.c')
fi
if [ -n "$changed" ]; then
	includes=$(echo "$flags" | tr ' ' '\n' | grep -E '^-(I|D|isystem|std)|^/usr/include' |
		grep -vE 'PILAR_(PREFIX|VERSION)' | tr '\n' ' ')
	# shellcheck disable=SC2086
	echo $changed | tr ' ' '\n' | xargs -P 2 -n 1 sh -c \
		'clang-tidy --quiet "$@" -- -DPILAR_PREFIX=\"/usr\" -DPILAR_VERSION=\"0\" '"$includes"' 2>/dev/null' lint || fail "clang-tidy"
	# It says "expected closing }" where a struct ends with a VEC(struct ..);
	# the functions behind that are measured all the same.
	# shellcheck disable=SC2086
	pmccabe $changed | awk -F'\t' '$1 > 15 || $5 > 80 {
		print "too big:", $0; bad = 1 } END { exit bad }' || fail "function size"
fi
[ "$bad" -eq 0 ] && echo "check: ok"
exit "$bad"
