#!/bin/sh
# SPDX-License-Identifier: MIT
# The whole region list (38 provinces, 514 regencies, 7,285 districts, 83,762
# villages) as wilayah.csv: wilayah.sh [OUT]. The data are fetched from the npm
# package idn-area-data (its data: ODbL) and are not part of this project; the
# list in forms/media is a short one kept by hand.
set -eu
version=4.0.1
out=${1:-.build/wilayah.csv}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

if command -v npm >/dev/null; then
	(cd "$tmp" && npm pack --silent "idn-area-data@$version" >/dev/null 2>&1)
else
	curl -fsSL -o "$tmp/idn-area-data-$version.tgz" \
		"https://registry.npmjs.org/idn-area-data/-/idn-area-data-$version.tgz"
fi
tar -xzf "$tmp/idn-area-data-$version.tgz" -C "$tmp"

# The name comes last, quoted where it holds a comma: it is taken as it is.
level() {
	awk -v level="$2" -v parents="$3" '
		{ sub(/\r$/, "") }
		NR > 1 {
			code = $0; sub(/,.*/, "", code)
			rest = substr($0, length(code) + 2)
			parent = ""
			if (parents) {
				parent = rest; sub(/,.*/, "", parent)
				rest = substr(rest, length(parent) + 2)
			}
			print code "," rest "," level "," parent
		}' "$tmp/package/data/$1.csv"
}
mkdir -p "$(dirname "$out")"
{
	echo name,label,level,parent
	level provinces 1 0
	level regencies 2 1
	level districts 3 1
	level villages 4 1
} >"$tmp/wilayah.csv"

rows=$(wc -l <"$tmp/wilayah.csv")
[ "$rows" -eq 91600 ] || {
	echo "idn-area-data $version: $rows rows, 91600 expected" >&2
	exit 1
}
mv "$tmp/wilayah.csv" "$out"
echo "$out: $((rows - 1)) regions. To use it, put it in the place of"
echo "media/wilayah.csv in a copy of forms/, then: pilar --data COPY init"
