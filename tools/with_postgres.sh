#!/usr/bin/env bash
# Usage: tools/with_postgres.sh COMMAND [ARGUMENT ...]
# Runs the command with PORTICO_DATABASE_URL at a PostgreSQL 15 of its own: own folder, own port,
# a password made for it, loopback only. The server is stopped and its folder removed afterwards,
# or kept for the next time where PORTICO_POSTGRES_FOLDER names one. PORTICO_POSTGRES_DURABLE=1 lets
# it wait for the disk as a server in use does, for those who measure how long that takes.
set -euo pipefail

binaries=/usr/lib/postgresql/15/bin
kept=${PORTICO_POSTGRES_FOLDER:-}
folder=${kept:-$(mktemp -d /tmp/portico-postgres.XXXXXX)}
mkdir -p "$folder"

as_owner() ( # PostgreSQL refuses to run as root
  cd "$folder"
  if [ "$(id -u)" = 0 ]; then
    runuser -u postgres -- "$@"
  else
    "$@"
  fi
)

stop() {
  if [ -f "$folder/cluster/postmaster.pid" ]; then
    as_owner "$binaries/pg_ctl" --silent --pgdata="$folder/cluster" \
      --mode="$([ -n "$kept" ] && echo fast || echo immediate)" stop
  fi
  [ -n "$kept" ] || rm -rf -- "$folder"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
if [ ! -s "$folder/password" ]; then
  (umask 077 && head -c 24 /dev/urandom | sha256sum | cut -c 1-32 >"$folder/password")
fi
password=$(<"$folder/password")
if [ "$(id -u)" = 0 ]; then
  chown -R postgres "$folder"
fi

if [ ! -f "$folder/cluster/PG_VERSION" ]; then
  as_owner "$binaries/initdb" --pgdata="$folder/cluster" --username=portico --auth=scram-sha-256 \
    --pwfile="$folder/password" --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
fi
options="-p $port -h 127.0.0.1 -k $folder"
# What is written here lives as long as the command: no need to wait for the disk.
if [ "${PORTICO_POSTGRES_DURABLE:-}" != 1 ]; then
  options+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
fi
as_owner "$binaries/pg_ctl" --silent --wait --pgdata="$folder/cluster" --log="$folder/server.log" \
  --options="$options" start
if ! PGPASSWORD=$password "$binaries/createdb" --host=127.0.0.1 --port="$port" --username=portico \
  portico 2>"$folder/created"; then
  grep -q 'already exists' "$folder/created" || { cat "$folder/created" >&2 && exit 1; }
fi

export PORTICO_DATABASE_URL="postgresql://portico:$password@127.0.0.1:$port/portico"
"$@"
