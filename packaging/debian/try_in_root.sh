#!/usr/bin/env bash
# Run by try.sh inside a fresh system: `install`, then, once the window was used, `rest`.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
fail() { echo "try: $1" >&2; [ ! -e /srv/server.log ] || tail -n 30 /srv/server.log >&2; exit 1; }
as_student() { setpriv --reuid=student --regid=student --init-groups env HOME=/home/student "$@"; }
sync() { as_student upschedule --profile "/home/student/$1" sync --server http://127.0.0.1:8765 "${@:2}"; }
mine() {  # what apt has put where, of both packages
  dpkg -L upschedule syncserver | sort -u
}

manual_names() {  # program, section, words
  local page word
  page=$(zcat "/usr/share/man/man$2/$1.$2.gz" | tr -d '\\')
  for word in "${@:3}"; do
    grep -q -e "$word" <<< "$page" || fail "the manual page of $1 is silent on $word"
  done
}

start_server() {  # as the unit starts it: the same user, program and settings file
  grep -qx 'ExecStart=/usr/lib/syncserver/syncserver serve' /usr/lib/systemd/system/syncserver.service
  setpriv --reuid=syncserver --regid=syncserver --init-groups env -i HOME=/var/lib/syncserver \
    SYNC_CONFIG=/etc/syncserver/syncserver.toml /usr/lib/syncserver/syncserver serve > /srv/server.log 2>&1 &
  server=$!
  local end=$((SECONDS + 90))
  until (exec 3<> /dev/tcp/127.0.0.1/8765 && printf 'GET /readyz HTTP/1.0\r\nHost: 127.0.0.1:8765\r\n\r\n' >&3 &&
         head -n 1 <&3 | grep -q ' 200 ') 2> /dev/null; do
    kill -0 "$server" || fail "the server ended"
    ((SECONDS < end)) || fail "the server did not answer"
    sleep 0.5
  done
}
stop_server() {
  kill "$server"
  wait "$server" || fail "the server did not end well"
}

install_them() {
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends /srv/*.deb > /srv/apt.log 2>&1 || fail "$(tail -n 20 /srv/apt.log)"
  for program in python3 pip cc gcc; do
    ! command -v "$program" > /dev/null || fail "$program came with it: this system is not what a student has"
  done
  missing=$(find /usr/lib/upschedule /usr/lib/syncserver -type f \( -name '*.so' -o -name '*.so.*' \) -print0 |
    LD_LIBRARY_PATH=/usr/lib/upschedule/_internal:/usr/lib/upschedule/_internal/PySide6/Qt/lib:/usr/lib/syncserver/_internal \
      xargs -0 ldd 2> /dev/null | grep 'not found' | sort -u || true)
  [ -z "$missing" ] || fail "libraries are missing: $missing"
  useradd --create-home --uid 1000 student
  echo "installed: $(dpkg-query -W -f='${Package} ${Version}, ${Installed-Size} kB; ' upschedule syncserver)"
}

rest() {
  manual_names upschedule 1 parse export push sync profile --ics --language --profile backup repair
  manual_names syncserver 8 serve migrate backup-key restore --config
  echo "manual pages: name commands and options"

  [ "$(stat -c '%U %a' /var/lib/syncserver)" = 'syncserver 700' ] || fail "anybody may look into /var/lib/syncserver"
  [ "$(stat -c '%U:%G %a' /etc/syncserver/syncserver.toml)" = 'root:syncserver 640' ] || fail "anybody may read the settings"
  [ "$(stat -c '%U %a' /var/lib/syncserver/backup_signing_key)" = 'syncserver 600' ] || fail "anybody may sign backups"
  signer=$(syncserver backup-signer) || fail "backups made here are not signed"
  start_server
  sync one register --name thandi.m <<< "correct horse battery staple 9" > /dev/null
  sync one now > /dev/null
  syncserver invite > /dev/null
  [ -z "$(find /var/lib/syncserver ! -user syncserver)" ] || fail "the commands left files that the server cannot write"
  stop_server
  echo "server: an account was made, with the settings as they came"

  echo '# ours' >> /etc/syncserver/syncserver.toml
  before=$(mine)
  apt-get install -qq -y --no-install-recommends /srv/newer/*.deb > /srv/apt.log 2>&1 || fail "$(tail -n 20 /srv/apt.log)"
  dpkg-query -W -f='${Version}\n' upschedule syncserver | grep -c '+1$' | grep -qx 2 || fail "it is not the newer version"
  [ "$(mine)" = "$before" ] || fail "the upgrade changed which files there are"
  grep -qx '# ours' /etc/syncserver/syncserver.toml || fail "the upgrade lost the settings"
  [ "$(syncserver backup-signer)" = "$signer" ] || fail "the upgrade made another signing key"
  start_server
  sync two login --name thandi.m <<< "correct horse battery staple 9" > /dev/null
  sync two now > /dev/null
  stop_server
  echo "upgraded: settings, accounts and profiles are still there"

  apt-get purge -qq -y upschedule syncserver > /srv/apt.log 2>&1 || fail "$(tail -n 20 /srv/apt.log)"
  while read -r path; do
    [ ! -f "$path" ] && [ ! -L "$path" ] || fail "$path was left behind"
  done <<< "$before"
  for folder in /usr/lib/upschedule /usr/lib/syncserver /etc/syncserver; do
    [ ! -e "$folder" ] || fail "$folder was left behind: $(find "$folder" | head -n 5)"
  done
  [ -e /home/student/one/timetable.sqlite3 ] || fail "the student's profile is gone"
  [ -e /var/lib/syncserver/sync.sqlite3 ] || fail "the accounts are gone"
  grep -q 'stay in /var/lib/syncserver' /srv/apt.log || fail "nobody said where the accounts are"
  echo "removed: profiles and accounts stay"
}

case ${1:?install or rest} in install) install_them ;; rest) rest ;; esac
