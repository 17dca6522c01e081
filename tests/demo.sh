#!/bin/sh
# The main job on the example project: what became of every construct, the converted service, the two APIs.
set -eu
cd "$(dirname "$0")/.."
program=build/graphcool-migrate
project=fixtures/projects/everything/project
out=demo-out
say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }

rm -rf "$out"
mkdir -p "$out"
say graphcool-migrate report $project
$program report $project
say graphcool-migrate report $project --format json --output $out/report.json
$program report $project --format json --output $out/report.json
say graphcool-migrate convert $project --out $out/app
$program convert $project --out $out/app || [ $? = 3 ]
say graphcool-migrate check-datamodel $out/app/prisma/datamodel.prisma --database mysql
$program check-datamodel $out/app/prisma/datamodel.prisma --database mysql
say cat $out/app/prisma/datamodel.prisma
cat $out/app/prisma/datamodel.prisma
say graphcool-migrate schema $project --output $out/simple.graphql
$program schema $project --output $out/simple.graphql
say graphcool-migrate schema --of prisma $project --output $out/prisma.graphql
$program schema --of prisma $project --output $out/prisma.graphql
printf '\nWritten to %s: ' "$out"
(cd "$out" && find . -type f | sort | tr '\n' ' ')
printf '\n'
