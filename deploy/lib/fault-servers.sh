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
  stop                      kills both and removes DIRECTORY
  restart-broker            in good order
  kill-broker, start-broker kill -9 of the node, and its return
  close-connections         the broker closes every connection
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

start() {
    mkdir -p "$state"
    chmod 711 "$state"
    make_private "$state/log"
    make_private "$state/pids"
    (umask 077 && random_secret > "$state/password")
    choose_ports $((31000 + RANDOM % 1500)) database amqp management broker-metrics distribution epmd
    start_database
    start_broker
    printf '%s\n' "DATABASE_PORT=${port[database]}" "DATABASE_USER=$postgres_admin" "BROKER_PORT=${port[amqp]}" \
        "BROKER_MANAGEMENT_PORT=${port[management]}" "BROKER_USER=$broker_admin" "PASSWORD=$(< "$state/password")"
}

stop() {
    kill_rabbitmq
    kill_postgres
    rm -rf "$state"
}

# control COMMAND…: rabbitmqctl, for this node.
control() (
    export HOME=$state/rabbitmq RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_NODENAME=copps@localhost
    export ERL_EPMD_PORT=${port[epmd]} RABBITMQ_CTL_ERL_ARGS="-elixir ansi_enabled false"
    cd "$state/rabbitmq"
    "$rabbitmq_bin/rabbitmqctl" --quiet "$@"
)

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
    'start ') start ;;
    'stop ') stop ;;
    'restart-broker ') stop_rabbitmq && start_broker ;;
    'kill-broker ') kill_rabbitmq ;;
    'start-broker ') start_broker ;;
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
