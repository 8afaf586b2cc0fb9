#!/usr/bin/env bash
# Makes .venv ready for one purpose: desktop, server or dev. Does nothing when it is ready already.
# `windows` and `debian` install only the system's packages with which that program is built and tried; `ha` what fails
# Postgres over in a test, with an environment of its own; `servers` and `readers` those with which real calendar servers
# and programs are tried.
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:?say desktop, server, dev, windows, debian, servers, readers or ha}
python=${PYTHON:-python3}

libraries=()      # what must be there for the purpose, by Debian package
case $want in
  desktop) libraries=(libgl1 libegl1 libxkbcommon0 libglib2.0-0 libfontconfig1 libdbus-1-3
                      libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0) ;;
  server) ;;
  dev) libraries=(libgl1 libegl1 libxkbcommon0 libglib2.0-0 libfontconfig1 libdbus-1-3
                  libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
                  xvfb openbox xdotool bindfs syncthing x11-utils binutils curl git nodejs npm poppler-utils qpdf postgresql
                  redis-server pgbouncer nginx-light caddy prometheus pgbackrest tcpdump chromium) ;;
  ha) libraries=(postgresql redis-server etcd-server haproxy iproute2) ;;
  windows) libraries=(wine64 nsis gcc-mingw-w64-x86-64 xvfb xdotool) ;;
  debian) libraries=(debootstrap systemd xvfb xdotool) ;;
  servers) libraries=(cyrus-imapd cyrus-caldav sasl2-bin sogo memcached) ;;
  readers) libraries=(gcc libc6-dev libical-dev nodejs npm php-cli php-xml php-mbstring php-sabre-vobject) ;;
  *) echo "setup: '$want' is not one of desktop, server, dev, windows, debian, servers, readers, ha" >&2; exit 2 ;;
esac

# A program that is built holds Python's library, which Debian has in a package of its own.
if [ "$want" = dev ] && [ "$("$python" -c 'import sys; print(sys.base_prefix)')" = /usr ]; then
  libraries+=("libpython$("$python" -c 'import sys; print(".".join(map(str, sys.version_info[:2])))')")
fi

missing=()
if command -v dpkg-query >/dev/null; then
  "$python" -c 'import ensurepip' 2>/dev/null || libraries+=(python3-venv)
  for library in "${libraries[@]}"; do
    case $library in
      nodejs) command -v node >/dev/null && continue ;;   # another build of it serves as well
      npm|git) command -v "$library" >/dev/null && continue ;;
    esac
    dpkg-query -W -f='${db:Status-Status}' "$library" 2>/dev/null | grep -qx installed || missing+=("$library")
  done
fi
if ((${#missing[@]})); then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo -n); else as_root=(no); fi
  fi
  if [ "${as_root[0]:-}" = no ]; then
    echo "Some system libraries are missing. Install them with this command, then try again:" >&2
    echo "  sudo apt-get install ${missing[*]}" >&2
    case $want in dev|servers|readers) ;; *) exit 1 ;; esac
    echo "Carrying on: the tests that need them will say that they were skipped." >&2
  else
    echo "Installing system libraries: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    # The services are started by the tests themselves, on ports of their own.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
      apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
fi

case $want in windows | debian | servers | readers) exit 0 ;; esac

if [ "$want" = ha ]; then
  ha=$(sha256sum < requirements/ha.txt)
  if [ "$(cat .venv-ha/ready 2>/dev/null || true)" != "$ha" ]; then
    # Postgres does not run as root, and may not see root's own Python.
    [ -x .venv-ha/bin/python ] || /usr/bin/python3 -m venv --without-pip .venv-ha
    .venv/bin/python -m pip --python .venv-ha/bin/python install -qq --disable-pip-version-check --require-hashes -r requirements/ha.txt
    chmod -R a+rX .venv-ha
    echo "$ha" > .venv-ha/ready
  fi
  exit 0
fi

install_locked() {  # venv, lock file
  "$1/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$2"
}

[ -x .venv/bin/python ] || "$python" -m venv .venv
# Each line of .venv/ready is a purpose and the locks it was set up from; dev holds what the others hold.
locks=$(cat requirements/dev.txt requirements/server.txt requirements/desktop.txt pyproject.toml | sha256sum | cut -d' ' -f1)
if ! grep -qsx -e "dev $locks" -e "$want $locks" .venv/ready; then
  echo "Setting up .venv for $want (the first time takes a minute or two)"
  install_locked .venv "requirements/$want.txt"
  .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-index --no-build-isolation -e .
  others=$(grep -s " $locks$" .venv/ready || true)
  printf '%s\n' ${others:+"$others"} "$want $locks" > .venv/ready
fi

.venv/bin/python packaging/translations.py

if [ "$want" = dev ]; then
  clients=$(sha256sum < requirements/clients.txt)
  if [ "$(cat .venv-clients/ready 2>/dev/null || true)" != "$clients" ]; then
    [ -x .venv-clients/bin/python ] || "$python" -m venv .venv-clients
    install_locked .venv-clients requirements/clients.txt
    echo "$clients" > .venv-clients/ready
  fi
  if command -v npm >/dev/null && [ -f tests/clients/package-lock.json ]; then
    [ tests/clients/node_modules -nt tests/clients/package-lock.json ] ||
      (cd tests/clients && npm ci --silent --no-audit --no-fund && touch node_modules)
  fi
fi
