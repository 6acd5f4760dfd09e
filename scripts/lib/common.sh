# shellcheck shell=bash
# What the scripts share: messages, becoming root, apt. Sourced, never run; sourcing it does nothing.

root_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
state_dir=${MENDBOX_STATE_DIR:-$root_dir/.mendbox}

say() { printf '==> %s\n' "$*" >&2; }

# stop_here MESSAGE NEXT-STEP…: this machine can't go on without a person. Exit 3.
stop_here() {
  printf 'error: %s\n' "$1" >&2
  shift
  printf 'next: %s\n' "$@" >&2
  exit 3
}

can_be_root() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n -- "$@"; fi; }

can_install() { command -v apt-get >/dev/null && can_be_root; }

# A package list that is there may still be too old: then the install fails, and is tried again after an update.
apt_install() {
  local log=$state_dir/apt.log
  mkdir -p "$state_dir"
  if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then
    say "apt: fetching package lists"
    _apt_get update >"$log" 2>&1 || true
  fi
  _apt_get install "$@" >>"$log" 2>&1 && return
  say "apt: fetching package lists"
  if _apt_get update >"$log" 2>&1 && _apt_get install "$@" >>"$log" 2>&1; then return; fi
  tail -n 15 "$log" >&2
  stop_here "apt could not install: $*" "see $log, then run: sudo apt-get install $*"
}

_apt_get() {
  local -a flags=(-qq -y -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold)
  [ "$1" = install ] && flags+=(--no-install-recommends)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get "${flags[@]}" "$@" </dev/null
}
