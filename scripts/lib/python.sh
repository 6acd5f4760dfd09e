# shellcheck shell=bash
# uv, an interpreter, and the locked packages in .venv. Sourced after common.sh.

ensure_python() {
  local uv
  uv=$(find_uv) || { install_uv; uv=$state_dir/uv/bin/uv; }
  local -a choice=()
  # A .venv that works keeps its interpreter: to name another would make uv build it anew.
  if ! fits "$root_dir/.venv/bin/python"; then
    # Bytecode is written once here; without it every process of every demo would compile what it imports.
    choice=(--compile-bytecode --python "$(find_interpreter)") || exit
    say "python: installing the locked packages into .venv (${choice[2]})"
  fi
  (cd "$root_dir" && "$uv" sync --quiet --locked "${choice[@]}") ||
    stop_here "uv could not install the locked packages" "mend what is named above, then run scripts/setup again"
}

# pip-audit and CycloneDX's validator have an environment of their own: what they need is nothing that we need.
ensure_audit_tools() {
  local uv
  uv=$(find_uv) || stop_here "uv is not here" "run scripts/setup"
  (cd "$root_dir" && UV_PROJECT_ENVIRONMENT=$state_dir/audit "$uv" sync --quiet --locked --only-group audit \
    --python .venv/bin/python) ||
    stop_here "uv could not install the audit's tools" "mend what is named above, then run this again"
}

find_uv() {
  command -v uv && return
  [ -x "$state_dir/uv/bin/uv" ] && echo "$state_dir/uv/bin/uv"
}

install_uv() {
  local python
  python=$(find_interpreter) || exit
  say "python: installing uv into $state_dir/uv"
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    can_install || stop_here "$python can't make virtual environments: its ensurepip is missing" \
      "install uv (https://docs.astral.sh/uv/) or python3-venv, then run scripts/setup again"
    apt_install python3-venv
  fi
  rm -rf "$state_dir/uv"
  "$python" -m venv "$state_dir/uv" && "$state_dir/uv/bin/python" -m pip install --quiet --quiet 'uv>=0.9' ||
    stop_here "uv could not be installed from the package index" "check the network, then run scripts/setup again"
}

find_interpreter() {
  local name
  for name in python3.13 python3.12 python3.11 python3; do
    if fits "$name"; then command -v "$name"; return; fi
  done
  stop_here "there is no Python 3.11 or later here" \
    "install one (Debian 12 or later: apt-get install python3 python3-venv), then run scripts/setup again"
}

# Run, not only found: a version manager's stand-in may be on PATH for an interpreter that is not installed.
fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
