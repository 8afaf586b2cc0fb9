#!/usr/bin/env bash
# Makes fresh Debian systems and does in each what the README names: `make server`, `make run`, `make test`,
# `make test-e2e`, `make package`.
#
#     tests/environments/roots.sh [--without-tests] [bookworm] [trixie]
#
# Needs root, debootstrap, git and Xvfb. Packages come from where this machine has its own (its apt sources, proxies and
# certificates); nothing else of this machine is in a root. The committed state is tried, as a clone holds it.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests=yes
suites=()
for argument in "$@"; do
  case $argument in --without-tests) tests=no ;; *) suites+=("$argument") ;; esac
done
((${#suites[@]})) || suites=(bookworm trixie)
[ "$(id -u)" = 0 ] || { echo "roots: only root can make a root" >&2; exit 2; }
for program in debootstrap git Xvfb unshare; do
  command -v "$program" >/dev/null || { echo "roots: $program is not installed" >&2; exit 2; }
done
mirror=$(apt-get indextargets --format '$(LABEL) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
  awk '$1 == "Debian" && $2 == "main" { print $3; exit }')
[ -n "$mirror" ] || { echo "roots: no Debian archive among this machine's apt sources" >&2; exit 2; }

work=$(mktemp -d /var/tmp/roots-XXXXXX)
screen=
tidy() {
  [ -z "$screen" ] || kill "$screen" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap tidy EXIT
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1366x768x24 -nolisten tcp 3<>"$work/display" 2>/dev/null &
screen=$!
read -r -t 30 display < "$work/display"

# What a program has to know of this machine's way to the archive and to package registries
passed=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY PIP_INDEX_URL PIP_CERT PIP_DEFAULT_TIMEOUT \
            SSL_CERT_FILE NODE_EXTRA_CA_CERTS npm_config_cafile npm_config_registry; do
  [ -z "${!name:-}" ] || passed+=("$name=${!name}")
done

try() {  # suite: everything in one root
  local root=$work/$1
  debootstrap --variant=minbase --include=python3,make,git,ca-certificates "$1" "$root" "$mirror" > "$work/$1.log" 2>&1 ||
    { tail -n 20 "$work/$1.log" >&2; return 1; }
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  apt-config dump | grep '^Acquire::' > "$root/etc/apt/apt.conf.d/90acquire"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  git clone -q --no-local . "$root/srv/upschedule"
  mkdir -p "$root/tmp/.X11-unix"
  echo "== Debian $(cat "$root/etc/debian_version") ($1), $(chroot "$root" python3 --version)"
  # A mount and a process namespace: whatever is left in there ends, and is unmounted, with it.
  unshare --mount --pid --fork --kill-child bash -euc '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"
    root=$1; shift
    exec chroot "$root" /usr/bin/env -i "$@"
  ' roots "$root" HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${passed[@]+"${passed[@]}"} DISPLAY=":$display" TESTS="$tests" \
    bash /srv/upschedule/tests/environments/in_root.sh < /dev/null
  rm -rf --one-file-system "$root"
}

for suite in "${suites[@]}"; do
  try "$suite"
done
echo "roots: all well"
