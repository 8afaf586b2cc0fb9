#!/usr/bin/env bash
# Builds both .debs in a Debian 12 root, which is kept under build/ for the next time (as root, with debootstrap).
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "debian: only root can make a root" >&2; exit 2; }
. packaging/debian/root.sh
root=$PWD/build/debian/bookworm
mkdir -p /tmp/.X11-unix
if [ ! -e "$root/made" ]; then
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  make_root bookworm "$root" ca-certificates
  touch "$root/made"
fi
rm -rf --one-file-system "$root/srv/upschedule"
mkdir -p "$root/srv/upschedule" dist/debian
git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read -T - |
  tar -x -C "$root/srv/upschedule"
in_root "$root" SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)" bash /srv/upschedule/packaging/debian/in_debian.sh
rm -f dist/debian/*.deb
cp "$root"/srv/*.deb dist/debian/
ls -l dist/debian
