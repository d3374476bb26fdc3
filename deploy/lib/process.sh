# shellcheck shell=bash
# Processes that we started. Each is known by its pid *and* its start time, kept in $state/pids/<name>,
# so that a pid which the kernel has given to somebody else is never signalled.

# process_start_time PID: ticks since boot; fails when there is no such process or it is a zombie.
process_start_time() {
    local stat
    { read -r stat < "/proc/$1/stat"; } 2> /dev/null || return 1
    stat=${stat##*) } # the command's name, in parentheses, may hold spaces
    local -a field
    read -ra field <<< "$stat"
    [[ ${field[0]} != [ZX] ]] || return 1
    printf '%s\n' "${field[19]}"
}

remember_process() { # NAME PID
    local started
    mkdir -p "$state/pids"
    started=$(process_start_time "$2") || started=gone
    printf '%s %s\n' "$2" "$started" > "$state/pids/$1"
}

# process_id NAME: the pid, when the process is still the one we started.
process_id() {
    local pid started
    { read -r pid started < "$state/pids/$1"; } 2> /dev/null || return 1
    [[ $(process_start_time "$pid") == "$started" ]] || return 1
    printf '%s\n' "$pid"
}

process_is_alive() { process_id "$1" > /dev/null; }

# launch NAME LOG COMMAND…: in a session of its own, so that Ctrl-C at the terminal reaches only us and we stop things in order.
launch() {
    local name=$1 log=$2
    shift 2
    setsid "$@" < /dev/null >> "$log" 2>&1 &
    remember_process "$name" $!
}

# signal_process NAME SIGNAL: nothing to do is success.
signal_process() {
    local pid
    pid=$(process_id "$1") || return 0
    kill -s "$2" "$pid" 2> /dev/null || true
}

# await_end NAME SECONDS: waits for the end, then insists.
await_end() {
    local deadline=$((SECONDS + $2))
    while process_is_alive "$1"; do
        if ((SECONDS >= deadline)); then
            warn "$1 does not stop; killing it"
            signal_process "$1" KILL
            deadline=$((SECONDS + 5))
        fi
        sleep 0.05
    done
    rm -f "$state/pids/$1"
}

stop_process() { # NAME SIGNAL SECONDS
    signal_process "$1" "$2"
    await_end "$1" "$3"
}

# attend COMMAND…: in the foreground for a person, whose Ctrl-C reaches it; in the background for us, so that our traps fire at once.
attend() {
    local status=0 child
    (trap - INT QUIT && exec "$@") & # a script's background processes would ignore these
    child=$!
    remember_process attended "$child"
    wait "$child" || status=$?
    rm -f "$state/pids/attended"
    return "$status"
}

end_attended() { stop_process attended INT 10; }
