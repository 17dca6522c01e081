#!/bin/sh
# Installs what is missing, from Debian and npm: `setup.sh build` for building, `setup.sh demo` for the servers' stand-ins and
# the application as well, `setup.sh test` for the tests, too.
# On a machine that has everything it changes nothing and asks no network.
set -eu
cd "$(dirname "$0")/.."

missing=""
need() { # need COMMAND-OR-TEST PACKAGE…
    check=$1
    shift
    sh -c "$check" >/dev/null 2>&1 || missing="$missing $*"
}
need 'command -v gcc' gcc libc6-dev
need 'command -v make' make
need 'command -v pkg-config' pkg-config
need 'pkg-config --exists yaml-0.1' libyaml-dev
need 'pkg-config --exists libcjson' libcjson-dev
need 'pkg-config --exists libcurl' libcurl4-openssl-dev
need 'pkg-config --exists sqlite3' libsqlite3-dev
need 'pkg-config --exists libcrypto' libssl-dev
need 'pkg-config --exists libzip' libzip-dev
need 'pkg-config --exists tree-sitter' libtree-sitter-dev
need 'command -v node' nodejs
need 'command -v npm' npm
if [ "$1" = test ]; then
    need 'test -e /usr/include/cmocka.h' libcmocka-dev
    need 'command -v python3' python3
    need 'command -v clang' clang
    need 'command -v clang-format' clang-format
    need 'command -v clang-tidy' clang-tidy
    need 'command -v cppcheck' cppcheck
    need 'command -v chromium' chromium
fi
if [ -n "$missing" ]; then
    echo "installing:$missing"
    if [ "$(id -u)" != 0 ]; then
        echo "Run this as root, or install these Debian packages yourself:$missing" >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
install_npm() { # install_npm FOLDER: its packages, unless the lock file's are there
    if ! cmp -s "$1/package-lock.json" "$1/node_modules/.installed"; then
        echo "installing the npm packages of $1/"
        (cd "$1" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
        cp "$1/package-lock.json" "$1/node_modules/.installed"
    fi
}
install_npm migrator/operations/grammars
[ "$1" = build ] || install_npm fixtures/servers
[ "$1" = build ] || install_npm rules/templates/app
if [ "$1" = test ]; then
    install_npm tests
    install_npm tests/browser
fi
