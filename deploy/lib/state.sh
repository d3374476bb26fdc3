# shellcheck shell=bash
# What is kept between runs, in $state: pids, ports, logs, secrets, environment files; and in $servers: the servers' data.

random_secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# suits_servers DIRECTORY: RabbitMQ's scripts want a path without blanks, and Postgres's user must be able to enter it.
suits_servers() {
    [[ $1 != *[[:space:]]* ]] && "${postgres_identity[@]}" test -x "$1" 2> /dev/null
}

# open_state: sets $state and $servers and makes both. Data stays out of the clone only where a server could not use it there.
open_state() {
    state=$root/.copps
    mkdir -p "$state" 2> /dev/null || true
    [[ -w $state ]] || fail "$state is not writable for $(id -un)"
    [[ -O $state ]] || fail "$state belongs to $(stat -c %U "$state"): run as that user"
    chmod 711 "$state"
    for servers in log pids env; do make_private "$state/$servers"; done

    if [[ -f $state/servers ]]; then # chosen before
        servers=$(< "$state/servers")
    elif suits_servers "$state"; then
        servers=$state
    else
        servers=copps-$(printf '%s' "$root" | sha256sum | cut -c 1-12)
        if ((EUID == 0)); then servers=/var/lib/$servers; else servers=/var/tmp/$servers-$EUID; fi
        mkdir -m 711 "$servers" 2> /dev/null || [[ -d $servers && ! -L $servers && -O $servers ]] || fail "$servers is in the way"
        say "The servers' data is in $servers: they could not use $state."
    fi
    printf '%s\n' "$servers" > "$state/servers"
}

make_private() {
    mkdir -p "$1"
    chmod 700 "$1"
}

# open_throwaway_state: the same in a new temporary folder, for tests.
open_throwaway_state() {
    local parent=${TMPDIR:-/tmp}
    suits_servers "$parent" || parent=/tmp
    state=$(mktemp -d "$parent/copps-test.XXXXXXXX")
    servers=$state
    chmod 711 "$state"
    make_private "$state/log"
    make_private "$state/pids"
    remember_process owner $$
}

# clear_abandoned: what a killed test run could not take away itself.
clear_abandoned() {
    local state process
    for state in "${TMPDIR:-/tmp}"/copps-test.* /tmp/copps-test.*; do
        [[ -f $state/pids/owner && -O $state ]] || continue
        if process_is_alive owner; then continue; fi
        for process in "$state"/pids/*; do signal_process "${process##*/}" KILL; done
        if [[ -d $state/faults ]]; then "$root/deploy/lib/fault-servers.sh" "$state/faults" stop; fi
        rm -rf "$state"
    done
}

# wipe_state: everything that open_state made.
wipe_state() {
    rm -rf "$servers/postgres" "$servers/rabbitmq"
    if [[ $servers != "$state" ]]; then rmdir "$servers"; fi
    rm -rf "$state"
}
