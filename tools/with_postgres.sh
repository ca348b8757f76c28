#!/usr/bin/env bash
# Usage: tools/with_postgres.sh COMMAND [ARGUMENT ...]
# Runs the command with PORTICO_DATABASE_URL at a PostgreSQL 15 of its own: own folder, own port,
# a password made for it, loopback only. The server is stopped and its folder removed afterwards.
set -euo pipefail

binaries=/usr/lib/postgresql/15/bin
folder=$(mktemp -d /tmp/portico-postgres.XXXXXX)

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
    as_owner "$binaries/pg_ctl" --silent --pgdata="$folder/cluster" --mode=immediate stop
  fi
  rm -rf -- "$folder"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
password=$(head -c 24 /dev/urandom | sha256sum | cut -c 1-32)
(umask 077 && printf '%s\n' "$password" >"$folder/password")
if [ "$(id -u)" = 0 ]; then
  chown -R postgres "$folder"
fi

as_owner "$binaries/initdb" --pgdata="$folder/cluster" --username=portico --auth=scram-sha-256 \
  --pwfile="$folder/password" --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
# What is written here lives as long as the command: no need to wait for the disk.
as_owner "$binaries/pg_ctl" --silent --wait --pgdata="$folder/cluster" --log="$folder/server.log" \
  --options="-p $port -h 127.0.0.1 -k $folder -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start
PGPASSWORD=$password "$binaries/createdb" --host=127.0.0.1 --port="$port" --username=portico portico

export PORTICO_DATABASE_URL="postgresql://portico:$password@127.0.0.1:$port/portico"
"$@"
