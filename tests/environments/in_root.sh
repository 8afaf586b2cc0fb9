#!/usr/bin/env bash
# Run by roots.sh inside a fresh system, in a clone: what the README names is started, and used.
set -euo pipefail
set -m # each program in the background is a group of processes, and ends as one
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
upschedule=.venv/bin/upschedule

fail() { echo "in root: $1" >&2; tail -n 40 "$scratch"/*.log >&2; exit 1; }
within() {  # seconds, what, a command that comes true
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" 2>/dev/null; do
    ((SECONDS < end)) || fail "$what did not happen"
    sleep 1
  done
  echo "in root: $what"
}

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
address=http://127.0.0.1:$port
SYNC_PORT=$port SYNC_DATA_FOLDER=$scratch/sync make server > "$scratch/server.log" 2>&1 &
server=$!
answers() {
  kill -0 "$server" || fail "\`make server\` ended"
  python3 -c "import urllib.request as r; r.urlopen('$address/readyz', timeout=2)"
}
within 900 "\`make server\` answers" answers

make run > "$scratch/run.log" 2>&1 &
window=$!
painted() {  # a blank screen has one colour
  kill -0 "$window" || fail "\`make run\` ended"
  QT_QPA_PLATFORM=xcb .venv/bin/python - <<'PYTHON'
from PySide6.QtGui import QGuiApplication

application = QGuiApplication([])
image = application.primaryScreen().grabWindow(0).toImage()
colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
raise SystemExit(len(colours) <= 20)
PYTHON
}
within 900 "\`make run\` paints its window" painted

for pdf in tests/golden/*.pdf; do
  "$upschedule" parse --json "$pdf" > "$scratch/parsed.json" || fail "$pdf was not read"
  python3 - "$scratch/parsed.json" "${pdf%.pdf}.json" <<'PYTHON' || fail "$pdf was read otherwise"
import json, sys

read, kept = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
documents = kept if isinstance(kept, list) else [kept]
raise SystemExit([len(each["entries"]) for each in read] != [len(each["entries"]) for each in documents])
PYTHON
done
echo "in root: the documents of tests/golden are read"

sync() { "$upschedule" --profile "$scratch/$1" sync "${@:2}" > "$scratch/sync-$1.log" 2>&1 || fail "sync ${*:2}"; }
.venv/bin/python - "$scratch/one" <<'PYTHON'
import sys
from pathlib import Path

from desktop.app import App
from desktop.domain.records.records import Act, Change

with App.open(Path(sys.argv[1])) as app:
    app.store.apply(Act("Named", (Change("module", "2026/COS 212", {"name": "Algorithms"}),)))
PYTHON
sync one --server "$address" register --name thandi.m <<< "correct horse battery staple 9"
sync one now
sync two --server "$address" login --name thandi.m <<< "correct horse battery staple 9"
sync two now
.venv/bin/python - "$scratch/two" <<'PYTHON' || fail "what was pushed was not pulled"
import sys
from pathlib import Path

from desktop.app import App

with App.open(Path(sys.argv[1])) as app:
    raise SystemExit(app.store.records().get("module", "2026/COS 212").get("name") != "Algorithms")
PYTHON
echo "in root: a record was pushed and pulled"

kill -- "-$window" "-$server"
wait "$window" "$server" || true
if [ "$TESTS" = yes ]; then
  make test
  make test-e2e
  make package
fi
