#!/usr/bin/env bash
# Makes .venv ready for one purpose: desktop, server or dev. Does nothing when it is ready already.
# `windows` installs only the system's packages with which the Windows program is built and tried.
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:?say desktop, server, dev or windows}
python=${PYTHON:-python3}

libraries=()      # what must be there for the purpose, by Debian package
case $want in
  desktop) libraries=(libgl1 libegl1 libxkbcommon0 libglib2.0-0 libfontconfig1 libdbus-1-3
                      libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0) ;;
  server) ;;
  dev) libraries=(libgl1 libegl1 libxkbcommon0 libglib2.0-0 libfontconfig1 libdbus-1-3
                  libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
                  xvfb openbox xdotool x11-utils binutils git nodejs npm poppler-utils qpdf postgresql redis-server
                  nginx-light caddy prometheus tcpdump chromium) ;;
  windows) libraries=(wine64 nsis gcc-mingw-w64-x86-64 xvfb xdotool) ;;
  *) echo "setup: '$want' is not one of desktop, server, dev, windows" >&2; exit 2 ;;
esac

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
    [ "$want" = dev ] || exit 1
    echo "Carrying on: the tests that need them will say that they were skipped." >&2
  else
    echo "Installing system libraries: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    # The services are started by the tests themselves, on ports of their own.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
      apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
fi

[ "$want" != windows ] || exit 0

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
