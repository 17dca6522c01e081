#!/bin/sh
# What a compiler does not say: formatting, banned functions, file sizes, words that do not belong, static analysis.
# `lint.sh quick` leaves the static analysers out.
set -eu
cd "$(dirname "$0")/.."
failed=0
complain() {
    printf '%s\n' "$@" >&2
    failed=1
}
sources=$(git ls-files 'migrator/*.c' 'migrator/*.h' 'tests/*.c')

# shellcheck disable=SC2086
clang-format --dry-run --Werror $sources 2>/tmp/gcm-format.$$ || complain "not formatted (make format):" "$(grep -o '^[^ ]*error: .*' /tmp/gcm-format.$$ | head -n 20)"
rm -f /tmp/gcm-format.$$

banned='strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|atol|atof|strncpy|strncat|alloca|system|popen|tmpnam|mktemp'
found=$(grep -nE "(^|[^a-zA-Z0-9_])($banned) *\(" $sources || true)
[ -z "$found" ] || complain "banned functions:" "$found"

# Memory comes from arenas: allocation by hand is in core/arena.c alone, and what libraries want freed is freed where it is used.
found=$(grep -nE '(^|[^a-zA-Z0-9_])(malloc|realloc|strdup|asprintf) *\(' $(ls migrator/*/*.[ch] migrator/*/*/*.[ch] | grep -v core/arena.c) || true)
[ -z "$found" ] || complain "allocate from an arena:" "$found"

for file in $sources; do
    lines=$(wc -l < "$file")
    [ "$lines" -le 800 ] || complain "$file has $lines lines: two subjects?"
done

# Dependencies point downwards (docs/internals.md).
check_layer() { # check_layer MODULE ALLOWED-PATTERN
    found=$(grep -nE '^#include "[a-z]+/' $(find migrator/"$1" -name node_modules -prune -o -name '*.[ch]' -print) | grep -vE "#include \"($2)/" || true)
    [ -z "$found" ] || complain "migrator/$1 includes what it may not:" "$found"
}
check_layer core 'core'
check_layer graphql 'core|graphql'
check_layer ndf 'core|ndf'
check_layer http 'core|http'
check_layer stage 'core|ndf|stage'
check_layer transfer 'core|graphql|source|rules|prisma|plan|ndf|http|stage|transfer'
check_layer source 'core|graphql|source'
check_layer rules 'core|rules'
check_layer prisma 'core|graphql|prisma'
check_layer api 'core|graphql|source|prisma|api'
check_layer verdict 'core|graphql|source|api|verdict'
check_layer plan 'core|graphql|source|rules|prisma|api|verdict|plan'
check_layer operations 'core|graphql|source|prisma|plan|api|operations'
check_layer report 'core|rules|plan|operations|report'
check_layer emit 'core|graphql|api|plan|report|emit'

found=$(git ls-files | grep -vE '\.(zip|gz|png)$|^tests/lint.sh$' | xargs grep -nIE '\b(TODO|FIXME|XXX|HACK)\b|/(work|farm)/|registry\.[a-z]+\.|deb\.debian\.org' 2>/dev/null || true)
[ -z "$found" ] || complain "words that do not belong into the tree:" "$found"

for script in $(git ls-files '*.sh') .ci/run; do
    sh -n "$script" || complain "$script does not parse"
done

if [ "${1:-}" != quick ]; then
    # A tenth of the analyzer's usual patience finds what all of it does, in a fifth of the time.
    export GCM_FLAGS="-std=c11 -D_GNU_SOURCE -DGCM_VERSION=__FILE__ -Imigrator $(pkg-config --cflags yaml-0.1 libcjson libcurl libcrypto libzip sqlite3 tree-sitter) \
        -Xclang -analyzer-config -Xclang max-nodes=25000"
    # shellcheck disable=SC2086
    cppcheck --quiet --std=c11 --inline-suppr --error-exitcode=1 --enable=warning,performance,portability \
        --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches -D__GNUC__=12 -Imigrator \
        $(git ls-files 'migrator/*.c') || complain "cppcheck has findings"
    # shellcheck disable=SC2086
    git ls-files 'migrator/*.c' | xargs -P "$(nproc)" -n 4 sh -c 'clang-tidy --quiet "$@" -- $GCM_FLAGS 2>/dev/null' sh \
        > /tmp/gcm-tidy.$$ || complain "clang-tidy has findings:" "$(grep -E 'error|warning' /tmp/gcm-tidy.$$ | sort -u | head -n 60)"
    rm -f /tmp/gcm-tidy.$$
fi
[ "$failed" = 0 ] && echo "lint: clean"
exit "$failed"
