#!/usr/bin/env bash
# Makes .env and secrets/ for compose.yaml, once: passwords nobody has to think of, and a place for the backup key.
set -euo pipefail
domain=${1:?say the domain that students will use, for example sync.example.org}
folder=${2:-$(cd "$(dirname "$0")" && pwd)}
if [ -e "$folder/.env" ] || [ -e "$folder/secrets" ]; then
  echo "$folder/.env or secrets/ is there already. Passwords of a running database are not made anew." >&2
  exit 1
fi
case $domain in *[!a-z0-9.-]*|'') echo "'$domain' is not a domain in lower case." >&2; exit 1 ;; esac
umask 077
random() { head -c 24 /dev/urandom | base64 | tr -d '+/=\n'; }
mkdir "$folder/secrets"
password=$(random)
printf %s "$password" > "$folder/secrets/postgres_password"
random > "$folder/secrets/grafana_password"
# 32 random bytes, as `syncserver backup-signing-key` makes them; `syncserver backup-signer` says whose signatures they make.
echo "backup-signing-$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n')" > "$folder/secrets/backup_signing_key"
cat > "$folder/secrets/syncserver.toml" <<TOML
# Settings of the sync server that are secret; the others are in compose.yaml and .env.
database_url = "postgresql://sync:$password@postgres:5432/sync"
redis_url = "redis://valkey:6379/0"
# Made by: docker compose run --rm --no-deps server backup-key /tmp/key
# Write the public key here; keep the private key away from this machine.
backup_public_key = ""
# Whom to tell when backups fail: a Slack or Discord webhook, jsons://host/path, mailtos://user:password@host?to=...
notify_urls = []
# A copy of every backup elsewhere:
# backup_s3_url = "s3://bucket/prefix"
TOML
cat > "$folder/secrets/alertmanager.yml" <<'YAML'
# Prometheus' alerts go where this says: https://prometheus.io/docs/alerting/latest/configuration/
route: { receiver: operator, group_by: [alertname], repeat_interval: 4h }
receivers:
  - name: operator
    # webhook_configs: [{ url: "https://hooks.example.org/alerts" }]
YAML
cat > "$folder/secrets/pgbackrest.conf" <<CONF
# For archive.yaml alone. The passphrase opens the archive: keep a copy elsewhere. A store instead of the volume:
# packaging/server/pgbackrest/pgbackrest.conf has the lines.
[global]
repo1-path=/var/lib/pgbackrest
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=$(random)
repo1-retention-full=2
repo1-bundle=y
compress-type=lz4
start-fast=y
log-level-console=warn

[sync]
pg1-path=/var/lib/postgresql/data/pgdata
pg1-socket-path=/socket
pg1-user=sync
CONF
cat > "$folder/.env" <<ENV
SYNC_DOMAIN=$domain
SYNC_SERVERS=2
SYNC_REGISTRATION=open
SYNC_PRICE_PER_MONTH=0
SYNC_OPERATOR_NAME=
SYNC_OPERATOR_CONTACT=
SYNC_OPERATOR_PRIVACY=
BACKUP_AT=01:30
METRICS_DAYS=90
ENV
# The containers run under other numbers than yours and read them by a group that they are given beside their own.
# Root takes a group that nobody is in; anybody else has only their own to give.
group=$(id -g)
if [ "$(id -u)" = 0 ]; then group=10010; chgrp -R "$group" "$folder/secrets"; fi
echo "SYNC_SECRETS_GROUP=$group" >> "$folder/.env"
chmod 750 "$folder/secrets" && chmod 440 "$folder"/secrets/*
if [ "$group" != 10010 ] && [ "$(id -gn)" != "$(id -un)" ]; then
  echo "Others in your group '$(id -gn)' can read $folder/secrets: run this as root, or from a user with a group of its own." >&2
fi
echo "Made $folder/.env and $folder/secrets. Next: the backup key (docs/server/install.md), then docker compose up -d."
