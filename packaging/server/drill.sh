#!/usr/bin/env bash
# A drill: a backup becomes a server on this machine, which is asked, and removed again. None of the real server's
# settings are read, and nothing that exists is touched.
#
#   drill.sh sync-20261130T013000Z.backup backup.key
#
# SYNC_BACKUP_SIGNERS as on the real server: whose backups count (for one that nobody signed: UNSIGNED=1).
# A backup of Postgres needs DATABASE_URL: an empty database made for this (createdb drill), to be dropped afterwards.
set -euo pipefail
backup=$(realpath "${1:?say the file with the backup}")
key=$(realpath "${2:?say the file with the private key of the backups}")
syncserver=${SYNCSERVER:-syncserver}
command -v curl >/dev/null || { echo "The drill asks the server with curl, which is not installed." >&2; exit 2; }
port=${DRILL_PORT:-18765}
folder=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" || true
  fi
  rm -rf "$folder"
}
trap finish EXIT
touch "$folder/none.toml"
export SYNC_CONFIG=$folder/none.toml SYNC_DATA_FOLDER=$folder SYNC_BACKUP_FOLDER=$folder/backups SYNC_PORT=$port
export SYNC_DELETION_LEDGER=$folder/deleted-accounts.log SYNC_LOG_LEVEL=warning
unset SYNC_NOTIFY_URLS SYNC_BACKUP_S3_URL REDIS_URL

echo "== Restore, $(date -u +%FT%TZ)"
SECONDS=0
# A ledger of deletions that was not brought along lets nobody back in here: all of this is removed again.
"$syncserver" restore "$backup" --key-file "$key" --older-ledger ${UNSIGNED:+--unsigned}
echo "Restored after $SECONDS s."

echo "== Serve"
"$syncserver" serve &
server=$!
until curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1; do
  kill -0 "$server" 2>/dev/null || { echo "The server ended. The drill failed." >&2; exit 1; }
  [ "$SECONDS" -lt 3600 ] || { echo "The server is not ready after an hour. The drill failed." >&2; exit 1; }
  sleep 0.2
done
curl -fsS "http://127.0.0.1:$port/v1/info" >/dev/null
echo "Ready after $SECONDS s. The drill held; write down the date and these seconds."
