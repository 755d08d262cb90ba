#!/usr/bin/env bash
# A real PostgreSQL (with pgvector), PgBouncer and Redis for the tests, without a container engine.
#
#   scripts/services.sh start   start what is not running (twice is fine); installs missing packages when root
#   scripts/services.sh env     print the `export` lines:  eval "$(scripts/services.sh env)"
#   scripts/services.sh stop    end what this script started, and nothing else; the data stays
#
# What runs, on 127.0.0.1 and on ports of its own, so that servers already on the machine are no matter:
#   PostgreSQL  Debian's binaries in a copied tree, because pgvector is put into it and the system's must stay
#               as it is. Debian 12 has no pgvector package: the source package of a newer suite is built
#               against the same headers. Durable as in production (fsync on).
#   PgBouncer   transaction mode, in front of that PostgreSQL, any database.
#   Redis       append-only file, no eviction: what the job queue needs.
#
# Two database users: `lyceum_owner` (may create databases and roles, no superuser: what the product is given in
# production, so row security is tested and not bypassed) and `postgres`, the superuser, for the few tests that need
# one. `vector` is marked trusted in the copied tree, so that the owner can create it, as hosted databases allow.
#
# Settings: LYCEUM_SERVICES_DIR    the state folder (default ${TMPDIR:-/tmp}/lyceum-services); one folder, one set of
#                                  servers, so a test that kills a server starts its own set in a folder of its own
#           LYCEUM_SERVICES_CACHE  where the built tree is kept (default: cache/ in the state folder)
#
# Exit codes: 0 done, 1 failed, 2 used wrongly, 3 something this machine lacks (named in one line on stderr; callers
# may skip, loudly and by that name).
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"

readonly pgvector_suite=trixie
state="${LYCEUM_SERVICES_DIR:-${TMPDIR:-/tmp}/lyceum-services}"

say() { printf 'services: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
lacking() { say "cannot start, missing: $*"; exit 3; }

policy='' work=''
clean_up() {
  [ -z "$policy" ] || rm -f "$policy"
  [ -z "$work" ] || rm -rf "$work"
}
trap clean_up EXIT

# --- who and where -----------------------------------------------------------------------------------------------

# PostgreSQL and PgBouncer refuse to run as root. A server must not hold the lock (descriptor 9).
as_server() {
  if [ "$(id -u)" -eq 0 ]; then
    runuser -u postgres -- "$@" 9>&-
  else
    "$@" 9>&-
  fi
}

open_state() {
  mkdir -p "$state"
  # The default path is in a folder that others can write to: never use one that somebody else made.
  [ -O "$state" ] || fail "$state belongs to somebody else; set LYCEUM_SERVICES_DIR"
  state="$(cd "$state" && pwd -P)"
  mkdir -p "${LYCEUM_SERVICES_CACHE:-$state/cache}"
  cache="$(cd "${LYCEUM_SERVICES_CACHE:-$state/cache}" && pwd -P)"
  run="$state/run" log="$state/log" settings="$state/settings"
  chmod 755 "$state"
  mkdir -p "$log"
  cd "$state" # the server's user may not be allowed into the caller's folder
  exec 9>"$state/lock"
  flock -w 300 9 || fail "another start or stop holds $state/lock"
}

installed_major() {
  local found=''
  for dir in /usr/lib/postgresql/*/bin/postgres; do
    [ -x "$dir" ] && found="$found $(basename "$(dirname "$(dirname "$dir")")")"
  done
  tr ' ' '\n' <<<"$found" | sort -n | tail -1
}

# --- packages ----------------------------------------------------------------------------------------------------

missing_packages() {
  local major="$1" tree="$2" list=''
  [ -x "/usr/lib/postgresql/$major/bin/postgres" ] || list="$list postgresql-$major"
  command -v redis-server >/dev/null && command -v redis-cli >/dev/null || list="$list redis-server"
  command -v pgbouncer >/dev/null || list="$list pgbouncer"
  if [ -z "$tree" ]; then
    command -v gcc >/dev/null || list="$list gcc"
    [ -e /usr/include/stdlib.h ] || list="$list libc6-dev"
    command -v make >/dev/null || list="$list make"
    command -v dpkg-source >/dev/null || list="$list dpkg-dev"
  fi
  printf '%s' "${list# }"
}

# The packages would start servers of their own. They would do no harm, but nobody asked for them.
hold_back_services() {
  if [ -e /usr/sbin/policy-rc.d ]; then return; fi
  policy=/usr/sbin/policy-rc.d
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}

install_packages() {
  say "installing $*"
  hold_back_services
  local try
  for try in 1 2; do
    if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
      </dev/null >"$log/apt.log" 2>&1 9>&-; then
      return 0
    fi
    say "apt-get failed (try $try), see $log/apt.log"
  done
  return 1
}

ensure_packages() {
  local lack
  lack="$(missing_packages "$1" "$2")"
  [ -n "$lack" ] || return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    lacking "$lack (Debian packages; run as root once, or install them)"
  fi
  # shellcheck disable=SC2086 # a list of words
  install_packages $lack || true
  lack="$(missing_packages "$1" "$2")"
  [ -z "$lack" ] || lacking "$lack (apt-get could not install them, see $log/apt.log)"
}

# --- PostgreSQL with pgvector, in a copied tree ------------------------------------------------------------------

# The machine's own package sources, once as they are (for the headers) and once as sources of the newer suite.
# No host is named here: whatever mirror the machine uses is the one that is asked.
write_sources() {
  local parts="$1" codename file
  # shellcheck disable=SC1091
  codename="$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")"
  mkdir -p "$parts"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [ -s "$file" ] || continue
    cp "$file" "$parts/machine-$(basename "$file")"
    case "$file" in
      *.sources)
        awk -v codename="$codename" -v suite="$pgvector_suite" '
          function flush() {
            if (uris != "" && main) printf "Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\n%s\n", uris, suite, signed
            uris = ""; main = 0; signed = ""
          }
          /^[ \t]*$/ { flush(); next }
          tolower($1) == "uris:" { $1 = ""; uris = $0 }
          tolower($1) == "suites:" { for (i = 2; i <= NF; i++) if ($i == codename || $i == "stable") main = 1 }
          tolower($1) == "signed-by:" && NF > 1 { signed = $0 "\n" }
          END { flush() }' "$file" >>"$parts/newer-suite.sources"
        ;;
      *)
        sed -nE "s/^deb[[:space:]]+((\[[^]]*\][[:space:]]+)?[^[:space:]]+)[[:space:]]+($codename|stable)[[:space:]].*/deb-src \1 $pgvector_suite main/p" \
          "$file" >>"$parts/newer-suite.list"
        ;;
    esac
  done
}

# The sources of pgvector in $work/pgvector-*/, and the server's headers unpacked over the tree in $1.
fetch_pgvector() {
  local root="$1" major="$2" apt
  mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"
  write_sources "$work/parts"
  apt=(apt-get -q -o "Dir::State::Lists=$work/state/lists" -o "Dir::Cache=$work/cache" -o Dir::Etc::SourceList=/dev/null
    -o "Dir::Etc::SourceParts=$work/parts" -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2)
  # A source of the machine's that does not answer must not matter: the two fetches below decide.
  "${apt[@]}" update || true
  (cd "$work" && "${apt[@]}" download "postgresql-server-dev-$major" && "${apt[@]}" --only-source source pgvector) || return 1
  dpkg -x "$work/postgresql-server-dev-${major}"_*.deb "$root"
}

build_tree() {
  local major="$1" version="$2" root lib share control pgvector started=$SECONDS
  work="$(mktemp -d "$cache/build.XXXXXX")"
  root="$work/root" lib="usr/lib/postgresql/$major" share="usr/share/postgresql/$major"
  chmod 755 "$work"
  mkdir -p "$root/$(dirname "$lib")" "$root/$(dirname "$share")"
  cp -a "/$lib" "$root/$lib"
  # Debian puts links to files elsewhere here; the copy has the files.
  cp -aL "/$share" "$root/$share"
  control="$root/$share/extension/vector.control"
  if [ ! -e "$control" ]; then
    fetch_pgvector "$root" "$major" >"$log/fetch.log" 2>&1 ||
      lacking "pgvector (source package of $pgvector_suite) or the PostgreSQL $major headers, see $log/fetch.log"
    # No -march=native: the result then does not depend on the processor it was built on.
    make -C "$work"/pgvector-*/ -j2 PG_CONFIG="$root/$lib/bin/pg_config" OPTFLAGS= with_llvm=no install \
      >"$log/build.log" 2>&1 || fail "pgvector did not build, see $log/build.log"
  fi
  grep -q '^trusted *= *true' "$control" || echo 'trusted = true' >>"$control"
  pgvector="$(sed -nE "s/^default_version *= *'([^']+)'.*/\1/p" "$control")"
  # A second set of servers that shares the cache may have been quicker.
  mv -T "$root" "$cache/postgresql-$version-pgvector-$pgvector" 2>/dev/null || true
  rm -rf "$work"
  say "PostgreSQL $version with pgvector $pgvector ready in $((SECONDS - started)) s"
}

cached_tree() {
  local major="$1" version="$2" dir
  for dir in "$cache/postgresql-$version-pgvector-"*/usr/lib/postgresql/"$major"; do
    if [ -x "$dir/bin/postgres" ]; then
      printf '%s' "$dir"
      return
    fi
  done
}

server_version() {
  [ ! -x "/usr/lib/postgresql/$1/bin/postgres" ] || "/usr/lib/postgresql/$1/bin/postgres" --version | awk '{print $3}'
}

# --- ports and passwords -----------------------------------------------------------------------------------------

# Below the range that outgoing connections are given ports from, so that a restarted server finds its port free.
port_free() {
  node -e 'const s = require("net").createServer(); s.on("error", () => process.exit(1)); s.listen(+process.argv[1], "127.0.0.1", () => s.close())' "$1"
}

free_port() {
  local port
  for _ in $(seq 50); do
    port=$((15000 + RANDOM % 16000))
    case "$port" in "${postgres_port:-}" | "${pgbouncer_port:-}" | "${redis_port:-}") continue ;; esac
    port_free "$port" && printf '%s' "$port" && return
  done
  return 1
}

word() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

load_settings() {
  postgres_port='' pgbouncer_port='' redis_port='' owner_password='' superuser_password='' redis_password=''
  # shellcheck disable=SC1090
  [ ! -e "$settings" ] || . "$settings"
}

save_settings() {
  (
    umask 077
    for name in postgres_port pgbouncer_port redis_port owner_password superuser_password redis_password; do
      printf '%s=%s\n' "$name" "${!name}"
    done >"$settings.new"
  )
  mv "$settings.new" "$settings"
}

# --- the servers -------------------------------------------------------------------------------------------------

# The pid of a server of ours, or nothing. A pid alone may be somebody else's by now: the process must also be at
# home in the server's folder.
pid_of() {
  local dir="$run/$1" pid
  case "$1" in postgres) dir="$data" pid="$(head -1 "$data/postmaster.pid" 2>/dev/null || true)" ;;
    *) pid="$(cat "$dir/pid" 2>/dev/null || true)" ;;
  esac
  [[ "$pid" =~ ^[0-9]+$ ]] || return 0
  if [ "$(readlink "/proc/$pid/cwd" 2>/dev/null || true)" = "$dir" ]; then printf '%s' "$pid"; fi
}

# A port is kept over a restart, unless somebody took it meanwhile.
settle_port() {
  local name="$1_port" port
  if [ -z "${!name}" ] || ! port_free "${!name}"; then
    port="$(free_port)" || fail 'no free port between 15000 and 31000'
    printf -v "$name" '%s' "$port"
    save_settings
  fi
}

# psql_as USER PORT DATABASE ARGS...
psql_as() {
  local user="$1" port="$2" database="$3" password
  shift 3
  if [ "$user" = postgres ]; then password="$superuser_password"; else password="$owner_password"; fi
  PGPASSWORD="$password" PGCONNECT_TIMEOUT=10 "$tree/bin/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U "$user" \
    -d "$database" "$@"
}

start_postgres() {
  if [ -n "$(pid_of postgres)" ]; then return; fi
  # A killed server stays in the process table until it is waited for, and PostgreSQL takes it for a live one.
  local pid
  pid="$(head -1 "$data/postmaster.pid" 2>/dev/null || true)"
  for _ in $(seq 150); do
    if ! grep -qs '^State:[[:space:]]*Z' "/proc/${pid:-none}/status"; then break; fi
    sleep 0.2
  done
  # A first start that was interrupted is begun again.
  [ -e "$run/postgres-$major.ready" ] || rm -rf "$data"
  if [ ! -d "$data" ]; then
    # $run is closed to everybody else, and so are the files in it.
    as_server tee "$run/password" >/dev/null <<<"$superuser_password"
    as_server "$tree/bin/initdb" -D "$data" -U postgres --pwfile="$run/password" --auth=scram-sha-256 --encoding=UTF8 \
      --locale=C.UTF-8 >"$log/initdb.log" 2>&1 || fail "initdb failed, see $log/initdb.log"
    rm "$run/password"
  fi
  for _ in 1 2 3; do
    settle_port postgres
    # fsync, full_page_writes and synchronous_commit keep their durable defaults.
    as_server tee "$data/lyceum.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = $postgres_port
unix_socket_directories = ''
max_connections = 100
shared_buffers = 128MB
max_wal_size = 512MB
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
CONF
    as_server grep -q '^include .lyceum.conf' "$data/postgresql.conf" ||
      as_server tee -a "$data/postgresql.conf" >/dev/null <<<"include 'lyceum.conf'"
    as_server "$tree/bin/pg_ctl" -D "$data" -l "$run/postgres.log" -w -t 60 start >/dev/null 2>&1 </dev/null && break
  done
  [ -n "$(pid_of postgres)" ] || fail "PostgreSQL did not start, see $run/postgres.log"
  if [ ! -e "$run/postgres-$major.ready" ]; then
    psql_as postgres "$postgres_port" postgres <<SQL
create role lyceum_owner login createdb createrole nosuperuser nobypassrls password '$owner_password';
create database lyceum owner lyceum_owner;
SQL
    : >"$run/postgres-$major.ready"
  fi
  psql_as lyceum_owner "$postgres_port" lyceum -c 'select 1' >/dev/null
}

start_redis() {
  if [ -n "$(pid_of redis)" ]; then return; fi
  local dir="$run/redis"
  for _ in 1 2 3; do
    settle_port redis
    as_server tee "$dir/redis.conf" >/dev/null <<CONF
bind 127.0.0.1
port $redis_port
requirepass $redis_password
daemonize yes
dir $dir
pidfile $dir/pid
logfile $dir/redis.log
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
CONF
    as_server redis-server "$dir/redis.conf" >/dev/null 2>&1 </dev/null || true
    for _ in $(seq 100); do
      if [ "$(REDISCLI_AUTH="$redis_password" redis-cli -h 127.0.0.1 -p "$redis_port" ping 2>/dev/null)" = PONG ]; then return; fi
      sleep 0.1
    done
  done
  fail "Redis did not start, see $dir/redis.log"
}

start_pgbouncer() {
  if [ -n "$(pid_of pgbouncer)" ]; then return; fi
  local dir="$run/pgbouncer"
  as_server tee "$dir/users" >/dev/null <<USERS
"lyceum_owner" "$owner_password"
"postgres" "$superuser_password"
USERS
  for _ in 1 2 3; do
    settle_port pgbouncer
    # Idle server connections go soon: one that lingers would keep a test from dropping or copying its database.
    as_server tee "$dir/pgbouncer.ini" >/dev/null <<CONF
[databases]
* = host=127.0.0.1 port=$postgres_port
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $pgbouncer_port
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $dir/users
admin_users = postgres
pool_mode = transaction
max_client_conn = 500
default_pool_size = 10
server_idle_timeout = 5
ignore_startup_parameters = extra_float_digits
pidfile = $dir/pid
logfile = $dir/pgbouncer.log
CONF
    rm -f "$dir/pid"
    (cd "$dir" && as_server pgbouncer -q -d "$dir/pgbouncer.ini" >/dev/null 2>&1 </dev/null) || true
    for _ in $(seq 50); do
      if [ -n "$(pid_of pgbouncer)" ] && psql_as lyceum_owner "$pgbouncer_port" lyceum -c 'select 1' >/dev/null 2>&1; then return; fi
      sleep 0.1
    done
  done
  fail "PgBouncer did not start, see $dir/pgbouncer.log"
}

# --- commands ----------------------------------------------------------------------------------------------------

find_data() {
  major="$(installed_major)"
  major="${major:-15}"
  data="$run/postgres-$major"
}

start() {
  local started=$SECONDS
  open_state
  find_data
  command -v node >/dev/null || lacking node
  tree="$(cached_tree "$major" "$(server_version "$major")")"
  ensure_packages "$major" "$tree"
  if [ -z "$tree" ]; then
    build_tree "$major" "$(server_version "$major")"
    tree="$(cached_tree "$major" "$(server_version "$major")")"
  fi
  install -d -m 700 "$run"
  if [ "$(id -u)" -eq 0 ]; then chown postgres: "$run"; fi
  as_server test -x "$tree/bin/postgres" -a -w "$run" ||
    fail "the user postgres cannot reach $state; set LYCEUM_SERVICES_DIR to a folder under one that everybody may enter"
  as_server mkdir -p "$run/redis" "$run/pgbouncer"
  load_settings
  : "${owner_password:=$(word)}" "${superuser_password:=$(word)}" "${redis_password:=$(word)}"
  save_settings
  # Their old PgBouncer would point to a port that PostgreSQL no longer has.
  local port_before="$postgres_port"
  start_postgres
  if [ "$postgres_port" != "$port_before" ]; then end pgbouncer TERM KILL; fi
  start_redis
  start_pgbouncer
  say "PostgreSQL on $postgres_port, PgBouncer on $pgbouncer_port, Redis on $redis_port ($((SECONDS - started)) s); state in $state"
}

# end NAME SIGNAL LAST_SIGNAL
end() {
  local pid
  pid="$(pid_of "$1")"
  [ -n "$pid" ] || return 0
  kill -s "$2" "$pid"
  for _ in $(seq 300); do
    [ "$(pid_of "$1")" = "$pid" ] || return 0
    sleep 0.1
  done
  say "$1 (pid $pid) did not stop in 30 s: ending it hard"
  kill -s "$3" "$pid" 2>/dev/null || true
}

stop() {
  [ -d "$state" ] || return 0
  open_state
  end pgbouncer TERM KILL
  end redis TERM KILL
  for data in "$run"/postgres-*/; do # whatever version it was started with
    data="${data%/}"
    end postgres INT QUIT
  done
  say 'stopped'
}

print_env() {
  [ -e "$state/settings" ] || fail "nothing was started in $state: run scripts/services.sh start"
  open_state
  find_data
  load_settings
  local name
  for name in postgres pgbouncer redis; do
    [ -n "$(pid_of "$name")" ] || fail "$name is not running: run scripts/services.sh start"
  done
  local owner="postgresql://lyceum_owner:$owner_password@127.0.0.1"
  echo "export LYCEUM_TEST_DATABASE_URL=$owner:$postgres_port/lyceum"
  echo "export LYCEUM_TEST_PGBOUNCER_URL=$owner:$pgbouncer_port/lyceum"
  echo "export LYCEUM_TEST_SUPERUSER_URL=postgresql://postgres:$superuser_password@127.0.0.1:$postgres_port/postgres"
  echo "export LYCEUM_TEST_REDIS_URL=redis://default:$redis_password@127.0.0.1:$redis_port"
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  env) print_env ;;
  *)
    echo 'usage: scripts/services.sh start|stop|env' >&2
    exit 2
    ;;
esac
