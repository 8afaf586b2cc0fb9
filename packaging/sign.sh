#!/usr/bin/env bash
# Signs files where this machine was given the means, and else says that it was not: FILES as .exe (Windows), .app or .dmg
# (macOS), anything else by a detached signature of GnuPG. The means are environment variables:
#
#   WINDOWS_CERTIFICATE (a .pfx in base64), WINDOWS_CERTIFICATE_PASSWORD
#   MACOS_CERTIFICATE (a .p12 in base64), MACOS_CERTIFICATE_PASSWORD, MACOS_IDENTITY ("Developer ID Application: ...")
#   MACOS_NOTARY_APPLE_ID, MACOS_NOTARY_PASSWORD, MACOS_NOTARY_TEAM
#   RELEASE_SIGNING_KEY (a secret key of GnuPG, armoured, without a passphrase)
set -euo pipefail
scratch=$(mktemp -d)
chmod 700 "$scratch"
trap 'rm -rf "$scratch"' EXIT

not_signed() { echo "sign: $1 is not signed: $2 is not set"; }

sign_windows() {
  [ -n "${WINDOWS_CERTIFICATE:-}" ] || { not_signed "$1" WINDOWS_CERTIFICATE; return; }
  base64 -d <<< "$WINDOWS_CERTIFICATE" > "$scratch/certificate.pfx"
  MSYS2_ARG_CONV_EXCL='*' signtool sign /fd sha256 /td sha256 /tr http://timestamp.digicert.com \
    /f "$(cygpath -w "$scratch/certificate.pfx")" /p "${WINDOWS_CERTIFICATE_PASSWORD:-}" "$(cygpath -w "$1")"
}

macos_keychain() {
  [ ! -e "$scratch/keychain" ] || return 0
  base64 -d <<< "$MACOS_CERTIFICATE" > "$scratch/certificate.p12"
  local password
  password=$(openssl rand -hex 16)
  security create-keychain -p "$password" "$scratch/keychain"
  security unlock-keychain -p "$password" "$scratch/keychain"
  security import "$scratch/certificate.p12" -k "$scratch/keychain" -P "${MACOS_CERTIFICATE_PASSWORD:-}" -T /usr/bin/codesign
  security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$scratch/keychain" > /dev/null
}

sign_macos() {
  [ -n "${MACOS_IDENTITY:-}" ] || { not_signed "$1" MACOS_IDENTITY; return; }
  macos_keychain
  local entitlements=()
  case $1 in *.app) entitlements=(--deep --options runtime --entitlements "$(dirname "$0")/macos/entitlements.plist") ;; esac
  codesign --force --timestamp --keychain "$scratch/keychain" --sign "$MACOS_IDENTITY" \
    ${entitlements[@]+"${entitlements[@]}"} "$1"
  case $1 in *.app) return ;; esac
  [ -n "${MACOS_NOTARY_APPLE_ID:-}" ] || { echo "sign: $1 is not notarised: MACOS_NOTARY_APPLE_ID is not set"; return; }
  xcrun notarytool submit "$1" --wait --apple-id "$MACOS_NOTARY_APPLE_ID" --password "$MACOS_NOTARY_PASSWORD" \
    --team-id "$MACOS_NOTARY_TEAM"
  xcrun stapler staple "$1"
}

sign_detached() {
  [ -n "${RELEASE_SIGNING_KEY:-}" ] || { not_signed "$1" RELEASE_SIGNING_KEY; return; }
  export GNUPGHOME=$scratch
  gpg --batch --quiet --import <<< "$RELEASE_SIGNING_KEY"
  gpg --batch --yes --armor --detach-sign "$1"
}

for file in "$@"; do
  case $file in
    *.exe | *.com) sign_windows "$file" ;;
    *.app | *.dmg) sign_macos "$file" ;;
    *) sign_detached "$file" ;;
  esac
done
