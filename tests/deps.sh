#!/bin/sh
# Installs what is missing: deps.sh build|test|check ... (see .deps). Says what
# and why. Needs root or sudo only when something is missing.
cd "$(dirname "$0")/.." || exit 1
missing=""
for group in "$@"; do
	while read -r package for why; do
		case "$package" in '#'* | '') continue ;; esac
		[ "$for" = "$group" ] || continue
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
			grep -q 'ok installed' && continue
		missing="$missing $package"
		printf '  missing: %-18s %s\n' "$package" "$why"
	done <.deps
done
[ -z "$missing" ] && exit 0
root=""
[ "$(id -u)" = 0 ] || root=sudo
if [ -n "$root" ] && ! command -v sudo >/dev/null; then
	echo "pilar: run as root or install sudo, then again" >&2
	exit 1
fi
echo "installing with apt:$missing"
$root apt-get update -qq || exit 1
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq \
	--no-install-recommends $missing >/dev/null || exit 1
