#!/bin/sh
# With the settings of this machine's server; as root it goes on as the server's own user, whose the files have to be.
: "${SYNC_CONFIG:=/etc/syncserver/syncserver.toml}"
export SYNC_CONFIG
if [ "$(id -u)" = 0 ]; then
    HOME=/var/lib/syncserver exec setpriv --reuid=syncserver --regid=syncserver --init-groups /usr/lib/syncserver/syncserver "$@"
fi
exec /usr/lib/syncserver/syncserver "$@"
