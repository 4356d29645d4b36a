#!/bin/sh
# Makes the demo store where there is none: demo.sh PILAR STORE
[ -d "$2" ] && exit 0
mkdir -p "$(dirname "$2")"
exec "$1" --store "$2" demo
