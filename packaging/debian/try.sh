#!/usr/bin/env bash
# Installs both .debs into fresh Debian 12 and 13 systems and uses, upgrades and removes them there.
#
#     packaging/debian/try.sh [bookworm] [trixie]
#
# Needs root, debootstrap, Xvfb, xdotool and the .venv of `make test`, which drives the mouse and looks at the screen.
set -euo pipefail
cd "$(dirname "$0")/../.."
. packaging/debian/root.sh
suites=("$@")
((${#suites[@]})) || suites=(bookworm trixie)
[ "$(id -u)" = 0 ] || { echo "try: only root can make a root" >&2; exit 2; }
work=$(mktemp -d /var/tmp/try-XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
mkdir -p /tmp/.X11-unix dist/debian
chmod 755 "$work"

newer() {  # .deb, suite's folder: the same package, one version on
  local unpacked=$work/newer
  rm -rf "$unpacked"
  dpkg-deb -R "$1" "$unpacked"
  sed -i 's/^Version: .*/&+1/' "$unpacked/DEBIAN/control"
  dpkg-deb --root-owner-group -Zgzip -z1 -b "$unpacked" "$2/srv/newer/" > /dev/null
}

for suite in "${suites[@]}"; do
  root=$work/$suite
  fresh=build/debian/fresh-$suite # as debootstrap makes it, kept for the next time
  if [ ! -e "$fresh/made" ]; then
    rm -rf --one-file-system "$fresh"
    mkdir -p "$fresh"
    make_root "$suite" "$fresh" ca-certificates
    touch "$fresh/made"
  fi
  cp -a "$fresh" "$root"
  mkdir -p "$root/srv/newer"
  cp dist/debian/*.deb packaging/debian/try_in_root.sh "$root/srv/"
  echo "== Debian $(cat "$root/etc/debian_version") ($suite)"
  in_root "$root" bash /srv/try_in_root.sh install
  (cd "$root/usr/lib/systemd/system" && systemd-analyze verify --root="$root" --man=no --recursive-errors=no syncserver*)
  echo "units: understood"

  # The student has no rights; only the way into the root takes some (to enter it, and to read where root has its Python),
  # given up there.
  for package in dist/debian/*.deb; do newer "$package" "$root"; done
  mkdir -p "$root/tmp"
  cat > "$work/upschedule" <<WRAPPER
#!/bin/sh
exec chroot "$root" setpriv --ambient-caps=-all --inh-caps=-all \\
  env HOME=/home/student XDG_RUNTIME_DIR=/home/student LANG=C.UTF-8 upschedule "\$@"
WRAPPER
  chmod 755 "$work/upschedule"
  unshare --mount --pid --fork --kill-child --mount-proc bash -euc '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    mkdir -p "$2/tmp"; chmod 1777 "$2/tmp"
    mount --bind "$2/tmp" /tmp
    mount --rbind /tmp "$1/tmp"
    mkdir -p /tmp/.X11-unix; chmod 1777 /tmp/.X11-unix
    exec setpriv --reuid=1000 --regid=1000 --clear-groups --inh-caps="$4" --ambient-caps="$4" \
      env HOME=/tmp TMPDIR=/tmp "$3" packaging/smoke.py "$2/upschedule"
  ' smoke "$root" "$work" "${PYTHON:-$PWD/.venv/bin/python}" +sys_chroot,+dac_read_search
  in_root "$root" bash /srv/try_in_root.sh rest
  rm -rf --one-file-system "$root"
done
echo "debian: all well"
