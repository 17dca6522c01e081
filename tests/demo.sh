#!/bin/sh
# The main job on example projects: what becomes of every construct, the converted service, the two APIs; then the data of two
# more, from a live server and from a real zip, into a running service, read back and compared; and at last the application in
# front of that service, answering an old client. Stand-ins of fixtures/servers take the place of the two servers.
set -eu
cd "$(dirname "$0")/.."
program=build/graphcool-migrate
project=fixtures/projects/everything/project
out=demo-out
say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }
servers=""
trap 'for server in $servers; do kill "$server" 2>/dev/null || true; done' EXIT

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

# Starts a stand-in in the background and waits for its address: start NAME ARGUMENT… sets $url.
start() {
    log=$out/$1.log
    name=$1
    shift
    node "fixtures/servers/$name/main.mjs" "$@" > "$log" 2>&1 &
    servers="$servers $!"
    url=""
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        url=$(sed -n 's/.*listening on \(http[^ ]*\).*/\1/p' "$log" | head -n 1)
        [ -z "$url" ] || return 0
        sleep 0.5
    done
    cat "$log" >&2
    exit 1
}

# Converts a project, moves its data into a service of its own, and compares: move FOLDER NAME SOURCE-OPTION SOURCE.
move() {
    folder=$1
    place=$out/$2
    shift 2
    say graphcool-migrate convert "$folder" --out "$place/app"
    $program convert "$folder" --out "$place/app"
    export PRISMA_SECRET=a-secret-of-the-demo
    start prisma --datamodel "$place/app/prisma/datamodel.prisma" --service demo --stage dev --secret $PRISMA_SECRET
    say graphcool-migrate export "$folder" "$@" --out "$place/app"
    $program export "$folder" "$@" --out "$place/app"
    say graphcool-migrate check "$folder" --out "$place/app"
    $program check "$folder" --out "$place/app"
    say graphcool-migrate import "$folder" --out "$place/app" --endpoint "$url/demo/dev"
    $program import "$folder" --out "$place/app" --endpoint "$url/demo/dev"
    say graphcool-migrate verify "$folder" --out "$place/app" --endpoint "$url/demo/dev"
    $program verify "$folder" --out "$place/app" --endpoint "$url/demo/dev"
    say graphcool-migrate status --out "$place/app"
    $program status --out "$place/app"
}

# Starts the application of a folder in front of the service at $url, and waits for it: serve FOLDER; sets $app.
serve() {
    say "cd $1 && npm ci && npm start"
    (cd "$1" && npm ci --prefer-offline --no-audit --no-fund --loglevel=error)
    PORT=0 PRISMA_ENDPOINT="$url/demo/dev" APP_SECRET=a-secret-that-signs-the-tokens-of-the-demo node "$1/src/index.js" > $out/app.log 2>&1 &
    servers="$servers $!"
    app=""
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        app=$(sed -n 's/.*listening on port \([0-9]*\).*/http:\/\/127.0.0.1:\1/p' $out/app.log | head -n 1)
        [ -z "$app" ] || return 0
        sleep 0.5
    done
    cat $out/app.log >&2
    exit 1
}

# What a client of the old API sends, and what it gets: ask QUERY.
ask() {
    say "curl $app/simple/v1/demo -d '{\"query\": \"$1\"}'"
    node -e '
      fetch(process.argv[1], { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ query: process.argv[2] }) })
        .then((answer) => answer.json())
        .then((answer) => { console.log(JSON.stringify(answer, null, 1)); process.exitCode = answer.errors ? 1 : 0; })' "$app/simple/v1/demo" "$1"
}

data=fixtures/truth/ndf
export GRAPHCOOL_TOKEN=a-root-token-of-the-demo
# Pages a tenth of the usual size: the lists go over several, where the server's own cursor loses some.
start graphcool --project $data/pages --service demo --token $GRAPHCOOL_TOKEN --data $data/pages/expected.json.gz --page-limit 100000
move $data/pages live --endpoint "$url/simple/v1/demo"
move $data/social zip --from $data/social.zip
serve $out/zip/app
ask '{ _allUsersMeta { count } allUsers(first: 2, filter: {posts_some: {}}, orderBy: email_ASC) { email posts(first: 2) { title tags comments { text } } } }'

printf '\nWritten to %s: ' "$out"
(cd "$out" && find . -maxdepth 2 | sort | tr '\n' ' ')
printf '\n'
