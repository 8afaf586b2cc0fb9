#!/bin/sh
# A backup a day, on Sundays a full one, at ARCHIVE_AT (UTC); beside Postgres, in a container of its own.
set -eu
until pgbackrest --stanza=sync stanza-create; do sleep 10; done
pgbackrest --stanza=sync info | grep -q 'full backup' || pgbackrest --stanza=sync --type=full backup
while true; do
  now=$(date -u +%s)
  at=$(date -u -d "$(date -u +%Y-%m-%d) ${ARCHIVE_AT:-00:30}" +%s)
  [ "$at" -gt "$now" ] || at=$((at + 86400))
  sleep $((at - now))
  kind=diff
  [ "$(date -u +%u)" = 7 ] && kind=full
  pgbackrest --stanza=sync --type=$kind backup || echo "The backup failed; Postgres goes on archiving." >&2
done
