# shellcheck shell=bash
# The container engine: does one answer, install one, start one, stop the one we started. Sourced after common.sh.
#
# An engine that answers is never touched. One is started by hand only where no systemd runs; then its process id and
# start time are kept in .mendbox/dockerd.pid, since an id alone may by now belong to another program.

run_dir=${MENDBOX_RUN_DIR:-/var/run}
proc_dir=${MENDBOX_PROC_DIR:-/proc}
systemd_dir=${MENDBOX_SYSTEMD_DIR:-/run/systemd/system}
pid_record=$state_dir/dockerd.pid
engine_log=$state_dir/dockerd.log
engine_deadline_s=${MENDBOX_ENGINE_DEADLINE_S:-60}

# Asked as our own code asks, through the Docker SDK: it need not agree with the `docker` command about where to look.
# 0: answers. 13: it is there, and this user may not talk to it. 1: no answer.
engine_answers() {
  timeout 20 "$root_dir/.venv/bin/python" - 2>/dev/null <<'PYTHON'
import sys
import docker
try:
    docker.from_env(timeout=10, use_context=False).ping()
except Exception as error:
    seen = error
    while seen is not None and not isinstance(seen, PermissionError):
        seen = seen.__cause__ or seen.__context__
    denied = seen is not None or "Permission denied" in str(error)
    sys.exit(13 if denied else 1)
PYTHON
}

ensure_engine() {
  local state=0
  engine_answers || state=$?
  [ $state = 0 ] && return
  if [ -n "${DOCKER_HOST:-}" ]; then
    stop_here "no container engine answers at DOCKER_HOST=$DOCKER_HOST" \
      "start it, or unset DOCKER_HOST to use an engine on this machine; then run scripts/setup again"
  fi
  if [ $state = 13 ]; then
    stop_here "a container engine runs here, and $(id -un) may not use it" \
      "sudo usermod -aG docker $(id -un), log in again, and run scripts/setup again"
  fi
  if [ "$(uname -s)" != Linux ]; then
    stop_here "no container engine answers" \
      "install and start Docker Desktop, OrbStack or Colima, and run scripts/setup again"
  fi
  install_engine
  start_engine
}

# A person's PATH need not have the directories of system programs.
engine_installed() { (PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin && command -v dockerd >/dev/null); }

install_engine() {
  engine_installed && return
  if ! can_install; then
    local why="apt-get is not here"
    command -v apt-get >/dev/null && why="installing one needs root"
    stop_here "there is no container engine, and $why" \
      "install Docker Engine (https://docs.docker.com/engine/install/), start it, and run scripts/setup again"
  fi
  say "engine: none answers; installing docker.io, iptables and mmdebstrap with apt"
  apt_install docker.io iptables mmdebstrap debian-archive-keyring
  # Debian 13 keeps the command in a package of its own.
  command -v docker >/dev/null || ! apt-cache show docker-cli >/dev/null 2>&1 || apt_install docker-cli
}

start_engine() {
  can_be_root || stop_here "a container engine is installed and does not run; starting it needs root" \
    "sudo systemctl start docker (or: sudo dockerd), then run scripts/setup again"
  if [ -d "$systemd_dir" ]; then
    say "engine: starting the docker service"
    as_root systemctl start docker || stop_here "the docker service does not start" "journalctl -u docker -n 50"
  elif running_dockerd; then
    say "engine: a dockerd runs and does not answer yet; waiting"
  else
    start_dockerd_by_hand
  fi
  wait_for_engine
}

start_dockerd_by_hand() {
  remove_stale_pid_files
  say "engine: starting dockerd (log: $engine_log)"
  mkdir -p "$state_dir"
  # In a session of its own it outlives this shell; a descriptor left open would keep set-up's lock held for ever.
  # Who starts it may use it: the socket's group is the caller's.
  # shellcheck disable=SC2024
  as_root env PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" setsid --fork dockerd --group "$(id -gn)" \
    >"$engine_log" 2>&1 </dev/null 9>&-
}

wait_for_engine() {
  local state=1 deadline=$((SECONDS + engine_deadline_s))
  while [ $SECONDS -lt $deadline ]; do
    state=0
    engine_answers || state=$?
    if [ $state = 0 ]; then
      record_engine
      return
    fi
    [ $state = 13 ] && break
    # One that has ended will not answer any more; the first second is the time it takes to be seen at all.
    if [ ! -d "$systemd_dir" ] && [ $SECONDS -gt $((deadline - engine_deadline_s + 3)) ] && ! running_dockerd; then
      break
    fi
    sleep 0.3
  done
  if [ $state = 13 ]; then
    stop_here "the engine runs now, and $(id -un) may not use it" \
      "sudo usermod -aG docker $(id -un), log in again, and run scripts/setup again"
  fi
  [ -f "$engine_log" ] && tail -n 20 "$engine_log" >&2
  stop_here "the container engine did not answer within $engine_deadline_s s" \
    "read the lines above (all of them: $engine_log), mend the cause, and run scripts/setup again"
}

# Kept only for one that we started: its log is ours, so its output goes there.
record_engine() {
  local pid
  pid=$(pid_in "$run_dir/docker.pid") || return 0
  [ "$(as_root readlink "$proc_dir/$pid/fd/1" 2>/dev/null)" = "$engine_log" ] || return 0
  printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$pid_record"
}

# The recorded engine is stopped, and nothing else: its id must still be that of a dockerd started at the same moment.
stop_recorded_engine() {
  local pid started
  [ -f "$pid_record" ] || return 0
  read -r pid started <"$pid_record"
  if is_program "$pid" dockerd && [ "$(start_time "$pid")" = "$started" ]; then
    say "engine: stopping the dockerd that set-up started"
    as_root kill -TERM "$pid"
    local deadline=$((SECONDS + 40))
    while is_program "$pid" dockerd && [ $SECONDS -lt $deadline ]; do sleep 0.2; done
    if is_program "$pid" dockerd; then
      say "engine: it did not end within 40 s; killing it and its containerd"
      local containerd
      containerd=$(pid_in "$run_dir/docker/containerd/containerd.pid") || containerd=
      as_root kill -KILL "$pid"
      [ -n "$containerd" ] && is_program "$containerd" containerd && as_root kill -KILL "$containerd"
    fi
  fi
  rm -f "$pid_record"
}

# A dockerd that was killed leaves its pid file and its containerd's. A later program with the same id would then pass
# for a running engine, and the new one would refuse to start or wait for ever.
remove_stale_pid_files() {
  local file program
  for file in docker.pid docker/containerd/containerd.pid docker/containerd/docker-containerd.pid; do
    [ -e "$run_dir/$file" ] || continue
    program=containerd
    [ "$file" = docker.pid ] && program=dockerd
    if ! is_program "$(pid_in "$run_dir/$file" || true)" "$program"; then
      say "engine: removing a stale $run_dir/$file"
      as_root rm -f "$run_dir/$file"
    fi
  done
}

running_dockerd() {
  local pid
  pid=$(pid_in "$run_dir/docker.pid") && is_program "$pid" dockerd
}

pid_in() {
  local pid
  pid=$(as_root cat "$1" 2>/dev/null) || return 1
  case $pid in '' | *[!0-9]*) return 1 ;; esac
  printf '%s\n' "$pid"
}

# is_program PID NAME: a zombie has a name too, and is no running engine.
is_program() {
  [ -n "$1" ] && [ "$(cat "$proc_dir/$1/comm" 2>/dev/null)" = "$2" ] &&
    ! grep -q '^State:[[:space:]]*Z' "$proc_dir/$1/status" 2>/dev/null
}

# In clock ticks since boot: field 22, counted after the name, which may hold blanks and parentheses.
start_time() { sed 's/.*) //' "$proc_dir/$1/stat" 2>/dev/null | cut -d' ' -f20; }
