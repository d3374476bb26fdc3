# shellcheck shell=bash
# Private RabbitMQ nodes: own names, cookie, epmd and ports, everything on loopback; no service of the system is touched.
# There is one node, or there are three that make a cluster, with the numbers 1 to 3.

broker_admin=copps-admin
broker_vhost=copps

# The programs themselves; /usr/sbin has wrappers that change to the system's node and user. Another installation may
# have its own Erlang beside them.
rabbitmq_bin=${COPPS_RABBITMQ_BIN:-/usr/lib/rabbitmq/bin}
PATH=$rabbitmq_bin:$PATH

cluster_nodes=(1 2 3)

# rabbitmq_version: of the programs, as the names of their plugins have it.
rabbitmq_version() {
    local home plugin
    home=$(dirname "$(dirname "$(readlink -f "$rabbitmq_bin/rabbitmq-server")")")
    plugin=$(compgen -G "$home/plugins/rabbit-[0-9]*") || return 0
    plugin=${plugin##*/rabbit-}
    printf '%s\n' "${plugin%.ez}"
}

# start_rabbitmq DIRECTORY PASSWORD: on ${port[amqp]} and its neighbours; returns when the node answers over HTTP.
# An empty node makes vhost and administrator from the configuration, and therefore never has the user guest.
start_rabbitmq() {
    launch_rabbitmq "$1" "$2"
    await_rabbitmq "$1" "$2"
}

# start_cluster DIRECTORY PASSWORD: the first node makes the cluster, the others join it.
start_cluster() {
    local node
    launch_rabbitmq "$1" "$2" 1
    await_rabbitmq "$1" "$2" 1
    for node in 2 3; do launch_rabbitmq "$1" "$2" "$node"; done
    for node in 2 3; do await_rabbitmq "$1" "$2" "$node"; done
}

# launch_rabbitmq DIRECTORY PASSWORD [NODE]: in DIRECTORY, or of a cluster in DIRECTORY and the number.
launch_rabbitmq() {
    local directory=$1${3:-} password=$2 node=${3:-} arguments='-kernel inet_dist_use_interface {127,0,0,1}'
    make_private "$directory"
    if [[ ! -f $directory/.erlang.cookie ]]; then # the same for all that know the password
        (umask 277 && printf 'cookie %s' "$password" | sha256sum | cut -d ' ' -f 1 > "$directory/.erlang.cookie")
    fi
    printf '%s.\n' '[rabbitmq_management,rabbitmq_prometheus]' > "$directory/enabled_plugins"
    # Queue figures once a second instead of every five: what one sees over HTTP is what is there.
    printf '%s.\n' '[{rabbit, [{quorum_tick_interval, 1000}]}]' > "$directory/advanced.config"
    (umask 077 && sed -e "s|@AMQP_PORT@|${port[amqp$node]}|" -e "s|@MANAGEMENT_PORT@|${port[management$node]}|" \
        -e "s|@METRICS_PORT@|${port[broker-metrics$node]}|" -e "s|@VHOST@|$broker_vhost|" \
        -e "s|@USER@|$broker_admin|" -e "s|@PASSWORD@|$password|" \
        "$root/deploy/broker/rabbitmq.conf" > "$directory/rabbitmq.conf")
    if [[ -n $node ]]; then
        sed -e "s|@NODE@|$node|g" "$root/deploy/broker/cluster.conf" >> "$directory/rabbitmq.conf"
        arguments+=' +S 1:1' # three share this machine
    fi

    # Left to itself the node starts an epmd that outlives it: this one is ours, in the foreground.
    if ! process_is_alive epmd; then
        launch epmd "$state/log/rabbitmq.log" epmd -relaxed_command_check -address 127.0.0.1 -port "${port[epmd]}"
    fi
    (
        rabbitmq_environment "$directory" "$node"
        export RABBITMQ_MNESIA_BASE=$directory/data RABBITMQ_LOG_BASE=$directory/log
        export RABBITMQ_PID_FILE=$directory/node.pid
        export RABBITMQ_CONFIG_FILE=$directory/rabbitmq.conf RABBITMQ_ADVANCED_CONFIG_FILE=$directory/advanced.config
        export RABBITMQ_ENABLED_PLUGINS_FILE=$directory/enabled_plugins
        export RABBITMQ_DIST_PORT=${port[distribution$node]} ERL_EPMD_ADDRESS=127.0.0.1
        export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=$arguments
        export RUNNING_UNDER_SYSTEMD=1 # the Erlang machine replaces the script: one pid, and it handles the signals
        unset NOTIFY_SOCKET
        cd "$directory" || exit
        launch "rabbitmq$node" "$state/log/rabbitmq$node.log" "$rabbitmq_bin/rabbitmq-server"
    )
}

rabbitmq_environment() { # DIRECTORY NODE
    export HOME=$1 RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_NODENAME=copps$2@localhost ERL_EPMD_PORT=${port[epmd]}
}

await_rabbitmq() { # DIRECTORY PASSWORD [NODE]
    local node=${3:-} deadline=$((SECONDS + 120))
    until [[ $(http_status "${port[management$node]}" /api/health/checks/local-alarms "$broker_admin:$2") == 200 ]]; do
        if ! process_is_alive "rabbitmq$node" || ((SECONDS >= deadline)); then
            tail -n 20 "$state/log/rabbitmq$node.log" "$1$node"/log/*.log >&2 || true
            fail "RabbitMQ did not start"
        fi
        sleep 0.2
    done
}

# rabbitmq_tool DIRECTORY NODE PROGRAM ARGUMENT…: one of its command line tools; NODE is empty for the only one.
rabbitmq_tool() (
    rabbitmq_environment "$1$2" "$2"
    export RABBITMQ_CTL_ERL_ARGS="-elixir ansi_enabled false"
    cd "$1$2" || exit
    shift 2
    "$rabbitmq_bin/$1" --quiet "${@:2}"
)

# stop_rabbitmq_node NODE: what was confirmed is on the disk, and the node closes its queues and listeners at once;
# the seconds that Erlang then takes to unload itself are not worth waiting for.
stop_rabbitmq_node() {
    local node=$1 deadline=$((SECONDS + 3))
    signal_process "rabbitmq$node" TERM
    while process_is_alive "rabbitmq$node" && ((SECONDS < deadline)); do sleep 0.1; done
    kill_rabbitmq_node "$node"
}

kill_rabbitmq_node() { stop_process "rabbitmq$1" KILL 5; } # NODE

stop_rabbitmq() {
    stop_rabbitmq_node ''
    stop_process epmd TERM 2
}

# kill_rabbitmq: at once, whatever there is of nodes, which are thrown away.
kill_rabbitmq() {
    local node
    for node in '' "${cluster_nodes[@]}"; do kill_rabbitmq_node "$node"; done
    stop_process epmd TERM 2
}
