#!/bin/sh
# Compiles the hook into the folder build beside it. Sluice must have been built: ./sluice --help
set -eu
here=$(dirname "$(readlink -f "$0")")
root=$here/../..
"$(cat "$root/.sluice/jdk")/bin/javac" -d "$here/build" -p "$root/.sluice/lib" \
    "$here/org.example.hook/module-info.java" "$here"/org.example.hook/org/example/hook/*.java
echo "now: SLUICE_MODULES=$here/build ./sluice run --dir /run/sluice"
