#!/bin/sh
# Runs each program given, which must speak TAP, and ends with one line
# "N passed, N failed, N skipped". What a failing program said is shown.
passed=0 failed=0 skipped=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT
for t in "$@"; do
	with=
	case "$t" in
	*.py) with=/usr/bin/python3 ;;
	*.sh) with=sh ;;
	esac
	CMOCKA_MESSAGE_OUTPUT=TAP $with "$t" >"$out" 2>&1
	status=$?
	ok=$(grep -cE '^ok ' "$out")
	skip=$(grep -ciE '^ok .*# *skip' "$out")
	bad=$(grep -cE '^not ok ' "$out")
	if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
		echo "not ok - $t ended with status $status" >>"$out"
		bad=1
	fi
	if [ "$((ok + bad))" -eq 0 ]; then
		echo "not ok - $t ran no test" >>"$out"
		bad=1
	fi
	printf '%-44s %4d passed' "$(basename "$t")" "$((ok - skip))"
	[ "$skip" -gt 0 ] && printf ', %d skipped' "$skip"
	[ "$bad" -gt 0 ] && printf ', %d FAILED' "$bad"
	echo
	[ "$skip" -gt 0 ] && grep -iE '^ok .*# *skip' "$out" | sed 's/^/    /'
	[ "$bad" -gt 0 ] && sed 's/^/    /' "$out"
	passed=$((passed + ok - skip)) failed=$((failed + bad))
	skipped=$((skipped + skip))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
