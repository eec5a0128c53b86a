#!/usr/bin/env bash
# Unpacks the files that the tests read from Debian's kernel source packages into FOLDER/6.1 and so on, once.
#   kernel_trees.sh FOLDER [VERSION…]     6.1, 6.12, 5.10 (without VERSION: these three), 7.2
# 6.1 and 6.12 come from the suites that this machine's apt knows. 5.10 (bullseye) and 7.2 (sid, if it is still there)
# come from a list of sources of our own, with state of its own: apt's settings stay as they are. A tree that cannot be
# had is said, and its tests skip; the exit status is 1 then.
# Kernel text stays in the build area: FOLDER is ignored by git.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- 6.1 6.12 5.10
wanted=(drivers/base mm include arch/x86 arch/s390 drivers/s390/char drivers/acpi drivers/dax kernel lib)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

suites() {
  case $1 in
    5.10) printf '%s\n' 'debian bullseye' 'debian-security bullseye-security' ;;
    7.2) printf '%s\n' 'debian sid' ;;
  esac
}

# download VERSION: the package, into the working folder; from its own suites if it has some.
download() {
  local options=() site suite
  if [ -n "$(suites "$1")" ]; then
    mkdir -p "$work/apt-$1/lists/partial" "$work/apt-$1/cache/archives/partial"
    while read -r site suite; do
      printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/%s %s main\n' "$site" "$suite"
    done < <(suites "$1") > "$work/apt-$1/sources.list"
    options=(-o "Dir::Etc::sourcelist=$work/apt-$1/sources.list" -o Dir::Etc::sourceparts=/none
             -o "Dir::State::lists=$work/apt-$1/lists" -o "Dir::Cache=$work/apt-$1/cache"
             -o Acquire::Languages=none -o APT::Update::Post-Invoke-Success= -o APT::Update::Post-Invoke=)
    apt-get -qq "${options[@]}" update
  fi
  (cd "$work" && apt-get -qq "${options[@]}" download "linux-source-$1" 2>/dev/null) ||
    { apt-get -qq "${options[@]}" update && (cd "$work" && apt-get -qq "${options[@]}" download "linux-source-$1"); }
}

unpack() {
  mkdir -p "$folder/$1" &&
    dpkg-deb --fsys-tarfile "$work"/linux-source-"$1"_*.deb |
    tar -xO --wildcards '*.tar.xz' |
      tar -xJ --strip-components=1 -C "$folder/$1" --wildcards "${wanted[@]/#/linux-source-$1/}" &&
    touch "$folder/$1/.complete" && rm -f "$work"/*.deb
}

status=0
for version in "$@"; do
  [ -f "$folder/$version/.complete" ] && continue
  printf 'unpacking kernel source %s (once)\n' "$version" >&2
  if ! { download "$version" >&2 && unpack "$version"; }; then
    printf 'no kernel source %s\n' "$version" >&2
    rm -rf "${folder:?}/$version"
    status=1
  fi
done
exit $status
