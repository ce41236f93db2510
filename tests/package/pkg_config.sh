#!/bin/sh
# pkg_config.sh <installed lib folder> <main.c> <program> <version> [--static]
# A C program that knows kundenwert through pkg-config alone.
set -eu
PKG_CONFIG_PATH="$1/pkgconfig"
export PKG_CONFIG_PATH
test "$(pkg-config --modversion kundenwert)" = "$4"
# shellcheck disable=SC2046,SC2086 # the flags are words
"${CC:-cc}" ${CFLAGS:-} -std=c11 -Wall -Wextra -pedantic -Werror "$2" -o "$3" $(pkg-config --cflags --libs ${5:-} kundenwert) -Wl,-rpath,"$1"
"$3"
