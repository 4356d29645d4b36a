#!/bin/sh
# make bench: every bench prints "name<TAB>value<TAB>unit<TAB>floor<TAB>ratio"
# (floor and ratio may be "-"); all lines go into .build/bench.tsv.
# $BENCH_DIR holds the bench programs, $PILAR is the program itself.
cd "$(dirname "$0")/../.." || exit 1
out=.build/bench.tsv
bad=0
printf 'name\tvalue\tunit\tfloor\tratio\n' >"$out"
for b in "$BENCH_DIR"/bench_* tests/bench/bench_*.py tests/bench/bench_*.sh; do
	case "$b" in *.o | *.d) continue ;; esac
	[ -x "$b" ] || continue
	echo "# $(basename "$b")"
	if ! "$b" >"$out.part" 2>"$out.err"; then
		echo "bench $b failed"
		cat "$out.err"
		bad=1
	fi
	grep -v '	' "$out.part" # remarks
	grep '	' "$out.part" >>"$out"
	grep '	' "$out.part" | awk -F'\t' '{ printf "%-46s %12s %-10s floor %10s  ratio %s\n", $1, $2, $3, $4, $5 }'
done
rm -f "$out.part" "$out.err"
exit "$bad"
