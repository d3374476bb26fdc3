# shellcheck shell=bash
# A private PostgreSQL cluster: loopback only, scram passwords, one generated superuser.

postgres_admin=copps_admin

# PostgreSQL refuses to run as root, so root runs it as the user that the package made.
postgres_identity=()
if ((EUID == 0)); then postgres_identity=(setpriv --reuid=postgres --regid=postgres --init-groups --); fi

# find_postgres DIRECTORY: sets $postgres_bin to the programs that fit the cluster there, else to the newest.
find_postgres() {
    local version='*' found
    if [[ -r $1/data/PG_VERSION ]]; then version=$(< "$1/data/PG_VERSION"); fi
    found=$(compgen -G "/usr/lib/postgresql/$version/bin/initdb" | sort -V | tail -n 1) || true
    [[ -n $found ]] || fail "the cluster in $1 needs PostgreSQL $version, which is not installed"
    postgres_bin=$(dirname "$found")
}

give_to_postgres() {
    if ((EUID == 0)); then chown -R postgres: "$1"; fi
}

create_cluster() { # DIRECTORY PASSWORD
    local directory=$1
    rm -rf "$directory/data" "$directory/new"
    (umask 077 && printf '%s\n' "$2" > "$directory/password")
    give_to_postgres "$directory"
    (
        cd "$directory"
        "${postgres_identity[@]}" "$postgres_bin/initdb" --pgdata="$directory/new" --username="$postgres_admin" \
            --pwfile="$directory/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
            > "$state/log/initdb.log" 2>&1
    ) || fail "initdb failed, see $state/log/initdb.log"
    mv "$directory/new" "$directory/data" # a cluster is there whole or not at all
    rm -f "$directory/password"
}

# start_postgres DIRECTORY PORT PASSWORD [SETTING…]: creates the cluster if need be; returns when it answers.
start_postgres() {
    local directory=$1 number=$2 password=$3 setting
    shift 3
    make_private "$directory"
    find_postgres "$directory"
    if [[ ! -f $directory/data/PG_VERSION ]]; then
        create_cluster "$directory" "$password"
    else
        give_to_postgres "$directory" # the clone may have changed hands
    fi

    # A socket's path may be 107 bytes long; all clients use TCP, so a deep folder just goes without.
    local socket=$directory
    if ((${#socket} > 85)); then socket=''; fi
    local -a options=()
    for setting in listen_addresses=127.0.0.1 port="$number" unix_socket_directories="$socket" max_connections=200 \
        timezone=UTC log_timezone=UTC jit=off wal_compression=on log_min_messages=warning "$@"; do
        options+=(-c "$setting")
    done

    # After a kill the old server's children may hold its memory for a moment: hence the attempts.
    for _ in 1 2 3 4 5; do
        (cd "$directory" && launch postgres "$state/log/postgres.log" \
            "${postgres_identity[@]}" "$postgres_bin/postgres" -D "$directory/data" "${options[@]}")
        if postgres_answers "$number"; then return; fi
        sleep 1
    done
    tail -n 20 "$state/log/postgres.log" >&2
    fail "Postgres did not start"
}

postgres_answers() { # PORT
    local deadline=$((SECONDS + 60))
    while process_is_alive postgres && ((SECONDS < deadline)); do
        if "$postgres_bin/pg_isready" -q -h 127.0.0.1 -p "$1"; then return 0; fi
        sleep 0.1
    done
    return 1
}

# create_database PORT PASSWORD NAME: once.
create_database() {
    local -a client=("$postgres_bin/psql" -X -q -A -t -w -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$1" -U "$postgres_admin" -d postgres)
    if [[ -z $(PGPASSWORD=$2 "${client[@]}" -c "select 1 from pg_database where datname = '$3'") ]]; then
        PGPASSWORD=$2 "${client[@]}" -c "create database \"$3\""
    fi
}

stop_postgres() { stop_process postgres INT 20; } # "fast": rolls back, writes a checkpoint
kill_postgres() { stop_process postgres QUIT 5; } # "immediate": for a cluster that is thrown away
