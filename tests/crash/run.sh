#!/bin/sh
# make crash: what power cuts, full disks, read errors, kills and flipped bits
# leave of a store. CRASH_STATES (2500), FLIP_STEP (7; 1: every byte) and
# KILLS (100) say how much is tried.
cd "$(dirname "$0")/../.." || exit 1
programs=$O/tests/crash
work=$(mktemp -d /dev/shm/pilar-crash-XXXXXX 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

echo "power cuts while a store is made and written (512-byte sectors)"
mkdir "$work/run"
SHIM_ROOT=$work/run SHIM_TRACE=$work/trace LD_PRELOAD=$programs/shim.so \
	"$programs/script" run "$work/run/s" 1 60 >"$work/said" ||
	{ cat "$work/said"; bad=1; }
tests/crash/replay.py "$work/trace" "$programs/script" \
	"$work/state" "${CRASH_STATES:-2500}" || bad=1

echo "every call failing, the process killed at every call"
tests/crash/sweep.py "$programs/shim.so" "$programs/script" \
	"$work/sweep" || bad=1

echo "every call of an export, an import, an acknowledgement failing, killed at it"
/usr/bin/python3 tests/crash/sync.py "$programs/shim.so" "$work/sync" || bad=1

echo "calls of a new data key failing, killed at them"
/usr/bin/python3 tests/crash/rotate.py "$programs/shim.so" "$work/rotate" ||
	bad=1

echo "file systems that are not fit"
for fs in 6969 517b fe534d42 4d44 2011bab0; do
	said=$(SHIM_FS=$fs LD_PRELOAD=$programs/shim.so \
		"$PILAR" --store "$work/run/s" store check 2>&1) && bad=1
	echo "  $said" | sed "s|$work||"
done

echo "flipped bits and files cut short"
FLIP_STEP=${FLIP_STEP:-7} CMOCKA_MESSAGE_OUTPUT=TAP \
	"$O/tests/unit/test_store_damage" || bad=1

if [ -e tests/pty/terminal.py ]; then
	echo "the program killed while a form is filled in"
	tests/crash/kill.py "$programs/kept" "${KILLS:-100}" || bad=1
fi
[ "$bad" -eq 0 ] && echo "crash: nothing acknowledged was lost"
exit "$bad"
