#!/usr/bin/env bash
# Builds the application bundle and its dmg, on macOS, with the Python that has the packages of requirements/package.txt.
# Written by the documentation of Apple and PyInstaller; nobody has run it on a Mac yet.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "$(uname)" = Darwin ] || { echo "macos: this can only be built on macOS" >&2; exit 2; }
python=${PYTHON:-python3}
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' desktop/__init__.py)
bundle="dist/UP Schedule Generator.app"

"$python" packaging/icons.py build/icons
PYTHONHASHSEED=1 "$python" -m PyInstaller --noconfirm --log-level=WARN packaging/upschedule.spec
plutil -lint "$bundle/Contents/Info.plist"
bash packaging/sign.sh "$bundle"
"$python" packaging/smoke.py "$bundle/Contents/MacOS/upschedule"

rm -rf build/dmg dist/macos && mkdir -p build/dmg dist/macos
cp -R "$bundle" build/dmg/
ln -s /Applications build/dmg/Applications
image="dist/macos/upschedule-$version-$(uname -m).dmg"
hdiutil create -volname "UP Schedule Generator" -srcfolder build/dmg -fs HFS+ -format UDZO -ov "$image"
bash packaging/sign.sh "$image"
