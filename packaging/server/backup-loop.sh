#!/bin/sh
# A backup every day at $BACKUP_AT (UTC), a look at their age every hour: the schedule where there is no cron and no systemd.
set -u
at=${BACKUP_AT:-01:30}
verify=
[ -n "${SYNC_BACKUP_PRIVATE_KEY_FILE:-}" ] && verify=--verify
trap 'exit 0' TERM INT
done_on=
while :; do
  today=$(date -u +%Y-%m-%d)
  if [ "$done_on" != "$today" ] && [ "$(date -u +%H%M)" -ge "$(echo "$at" | tr -d :)" ]; then
    # shellcheck disable=SC2086 # no word at all where it is empty
    syncserver backup $verify && done_on=$today
  fi
  syncserver check-backups || true
  sleep "${BACKUP_LOOK_SECONDS:-3600}" &
  wait $!
done
