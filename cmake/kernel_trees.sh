#!/usr/bin/env bash
# Unpacks the files that the tests read from Debian's kernel source packages into FOLDER/6.1 and FOLDER/6.12.
# Kernel text stays in the build area: FOLDER is ignored by git.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
wanted=(drivers/base mm include arch/x86 arch/s390 drivers/s390/char drivers/acpi drivers/dax kernel lib)

for version in 6.1 6.12; do
  [ -f "$folder/$version/.complete" ] && continue
  printf 'unpacking kernel source %s (once)\n' "$version" >&2
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  chmod 755 "$work"
  (cd "$work" && apt-get -qq download "linux-source-$version" 2>/dev/null) ||
    { apt-get -qq update && (cd "$work" && apt-get -qq download "linux-source-$version"); } >&2
  mkdir -p "$folder/$version"
  dpkg-deb --fsys-tarfile "$work"/linux-source-"$version"_*.deb |
    tar -xO --wildcards '*.tar.xz' |
    tar -xJ --strip-components=1 -C "$folder/$version" --wildcards "${wanted[@]/#/linux-source-$version/}"
  touch "$folder/$version/.complete"
  rm -rf "$work"
done
