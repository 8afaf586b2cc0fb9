#!/usr/bin/env bash
# Builds both .debs beside the sources. Run as root in a Debian 12 of which nothing else is wanted: a root or a container.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DEBIAN_FRONTEND=noninteractive UPSCHEDULE_FOR_DEBIAN=1 PYTHONHASHSEED=1
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(date +%s)}
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' desktop/__init__.py)
here=packaging/debian

apt-get update -qq
(cd "$here" && apt-get build-dep -qq -y --no-install-recommends ./ > /dev/null)

# An environment for each program, as each has a lock: what only the other needs must not be found.
for lock in package server-package; do
  venv=/var/cache/upschedule-$lock-$(sha256sum < "requirements/$lock.txt" | cut -c1-12)
  if [ ! -e "$venv/ready" ]; then
    rm -rf "/var/cache/upschedule-$lock"-*
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "requirements/$lock.txt"
    touch "$venv/ready"
  fi
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --no-index --no-build-isolation -e .
done
python_of() {  # program: the Python that it is built with
  case $1 in upschedule) echo /var/cache/upschedule-package-*/bin/python ;;
    syncserver) echo /var/cache/upschedule-server-package-*/bin/python ;; esac
}

rm -rf build/stage && mkdir -p build/stage/{share/{applications,icons,metainfo},man,bin,etc,systemd}
stage=$PWD/build/stage
QT_QPA_PLATFORM=offscreen "$(python_of upschedule)" packaging/icons.py build/icons
for program in upschedule syncserver; do
  "$(python_of "$program")" -m PyInstaller --noconfirm --log-level=WARN --distpath="$stage" --workpath=build/pyinstaller \
    "packaging/$program.spec"
done

cp "$here/upschedule.desktop" "$stage/share/applications/"
cp -r build/icons/hicolor "$stage/share/icons/"
mkdir -p "$stage/share/icons/hicolor/scalable/apps"
cp assets/icons/app.svg "$stage/share/icons/hicolor/scalable/apps/upschedule.svg"
sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)/" "$here/upschedule.metainfo.xml" \
  > "$stage/share/metainfo/io.github.up_schedule_generator.upschedule.metainfo.xml"
desktop-file-validate "$stage"/share/applications/*.desktop
appstreamcli validate --no-net "$stage"/share/metainfo/*.xml

manual() {  # program, section, what it is
  local packages
  packages=$("$(python_of "$1")" -c "import sysconfig; print(sysconfig.get_path('purelib'))")
  PYTHONPATH=$packages:$PWD:$here argparse-manpage --module manual --function "$1" \
    --project-name "UP Schedule Generator" --author "The UP Schedule Generator authors" --output "$stage/man/$1.$2"
  sed -i -e "1s/.*/.TH ${1^^} $2 \"\" \"$1 $version\" \"UP Schedule Generator\"/" -e "3s/.*/$1 \\\\- $3/" "$stage/man/$1.$2"
}
manual upschedule 1 "University of Pretoria timetable on your own machine"
manual syncserver 8 "sync server of UP Schedule Generator"

cp "$here/syncserver.sh" "$stage/bin/syncserver"
"$(python_of syncserver)" "$here/server_files.py" "$stage"

tree=build/debian-tree
rm -rf "$tree" && mkdir -p "$tree"
cp -r "$here/debian" "$tree/"
mv "$stage" "$tree/stage"
for program in upschedule syncserver; do
  cp "build/$program/THIRD_PARTY.txt" "$tree/debian/$program.copyright"
done
printf 'upschedule (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- %s  %s\n' "$version" \
  "$(sed -n 's/^Maintainer: //p' "$here/debian/control")" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" > "$tree/debian/changelog"
(cd "$tree" && dpkg-buildpackage -b -us -uc -rfakeroot > ../dpkg.log 2>&1) || { tail -n 60 build/dpkg.log >&2; exit 1; }
cp build/*.deb ..
