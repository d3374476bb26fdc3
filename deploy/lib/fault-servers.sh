#!/usr/bin/env bash
# A Postgres and a RabbitMQ to be broken on purpose: nobody else uses them. For the fault suite, and for whoever wants
# to see by hand what a fault does.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=all.sh
source "$root/deploy/lib/all.sh"

usage() {
    cat << 'HELP'
usage: deploy/lib/fault-servers.sh DIRECTORY COMMAND

  start                     creates and starts both, and prints where they are, as NAME=value
  start-cluster             the same with three nodes of RabbitMQ
  stop                      kills everything and removes DIRECTORY
  restart-broker            in good order
  kill-broker, start-broker kill -9 of the node, and its return
  close-connections         the broker closes every connection
  kill-node N, start-node N the same for one node of the cluster
  restart-node N            in good order, once the others have a copy of everything
  kill-postgres             immediate: no goodbye, recovery at the next start
  start-postgres
  read-only on|off          the database refuses to write
  memory-alarm on|off       the broker takes no publications
  disk-alarm on|off         the same, for want of space
  queue-limit on|off        the queue of notifications holds ten messages and refuses more
HELP
}

start_database() {
    # A crash of a process loses nothing without fsync; only one of the machine would.
    start_postgres "$state/postgres" "${port[database]}" "$(< "$state/password")" fsync=off full_page_writes=off
}

start_broker() { start_rabbitmq "$state/rabbitmq" "$(< "$state/password")"; }

start() { # FORM: broker or cluster
    mkdir -p "$state"
    chmod 711 "$state"
    make_private "$state/log"
    make_private "$state/pids"
    (umask 077 && random_secret > "$state/password")
    local node
    local -a nodes=('') names=(database epmd) amqp=() management=()
    if [[ $1 == cluster ]]; then nodes=("${cluster_nodes[@]}"); fi
    for node in "${nodes[@]}"; do names+=("amqp$node" "management$node" "broker-metrics$node" "distribution$node"); done
    choose_ports $((31000 + RANDOM % 1500)) "${names[@]}"
    start_database
    "start_$1" "$state/rabbitmq" "$(< "$state/password")"
    for node in "${nodes[@]}"; do amqp+=("127.0.0.1:${port[amqp$node]}") management+=("http://127.0.0.1:${port[management$node]}"); done
    printf '%s\n' "DATABASE_PORT=${port[database]}" "DATABASE_USER=$postgres_admin" "PASSWORD=$(< "$state/password")" \
        "BROKERS=$(IFS=, && echo "${amqp[*]}")" "BROKER_MANAGEMENT=$(IFS=, && echo "${management[*]}")" \
        "BROKER_USER=$broker_admin"
}

stop() {
    kill_rabbitmq
    kill_postgres
    rm -rf "$state"
}

control() { rabbitmq_tool "$state/rabbitmq" '' rabbitmqctl "$@"; }

start_node() { # NODE
    if process_is_alive "rabbitmq$1"; then return; fi
    launch_rabbitmq "$state/rabbitmq" "$(< "$state/password")" "$1"
    await_rabbitmq "$state/rabbitmq" "$(< "$state/password")" "$1"
}

restart_node() { # NODE
    rabbitmq_tool "$state/rabbitmq" "$1" rabbitmq-upgrade await_online_quorum_plus_one -t 60 > /dev/null
    stop_rabbitmq_node "$1"
    start_node "$1"
}

query() { # SQL
    find_postgres "$state/postgres"
    PGPASSWORD=$(< "$state/password") "$postgres_bin/psql" -X -q -A -t -w -v ON_ERROR_STOP=1 \
        -h 127.0.0.1 -p "${port[database]}" -U "$postgres_admin" -d postgres "${@/#/--command=}" > /dev/null
}

# The servers outlive this script: they are to hold nothing open that it was given, or whoever called would wait for them.
let_go() {
    local descriptor
    for descriptor in /proc/self/fd/*; do
        if ((${descriptor##*/} > 2)) && [[ $(readlink "$descriptor") == @(socket|pipe):* ]]; then
            eval "exec ${descriptor##*/}>&-"
        fi
    done
}

[[ $# -ge 2 ]] || { usage && exit 64; }
state=$1
servers=$1
mkdir -p "$state"
state=$(cd "$state" && pwd -P)
remembered_ports
let_go
case "$2 ${3:-}" in
    'start ') start broker ;;
    'start-cluster ') start cluster ;;
    'stop ') stop ;;
    'restart-broker ') stop_rabbitmq && start_broker ;;
    'kill-broker ') kill_rabbitmq ;;
    'start-broker ') start_broker ;;
    'kill-node '[1-3]) kill_rabbitmq_node "$3" ;;
    'start-node '[1-3]) start_node "$3" ;;
    'restart-node '[1-3]) restart_node "$3" ;;
    'close-connections ') control close_all_connections --vhost "$broker_vhost" 'fault suite' ;;
    'kill-postgres ') kill_postgres ;;
    'start-postgres ') start_database ;;
    'read-only on') query 'alter system set default_transaction_read_only = on' 'select pg_reload_conf()' ;;
    'read-only off') query 'alter system reset default_transaction_read_only' 'select pg_reload_conf()' ;;
    'memory-alarm on') control set_vm_memory_high_watermark 0.0001 ;;
    'memory-alarm off') control set_vm_memory_high_watermark 0.6 ;;
    'disk-alarm on') control set_disk_free_limit 1000000GB ;;
    'disk-alarm off') control set_disk_free_limit 256MB ;;
    'queue-limit on')
        control set_policy --vhost "$broker_vhost" --apply-to queues full '^notifications\.ledger' '{"max-length": 10}'
        ;;
    'queue-limit off') control clear_policy --vhost "$broker_vhost" full ;;
    *) usage && exit 64 ;;
esac
