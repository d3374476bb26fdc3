# shellcheck shell=bash
# A private RabbitMQ node: own name, cookie, epmd and ports, everything on loopback; no service of the system is touched.

broker_admin=copps-admin
broker_vhost=copps

# The programs themselves; /usr/sbin has wrappers that change to the system's node and user.
rabbitmq_bin=/usr/lib/rabbitmq/bin

# start_rabbitmq DIRECTORY PASSWORD: on ${port[amqp]} and its neighbours; returns when the node answers over HTTP.
# An empty node makes vhost and administrator from the configuration, and therefore never has the user guest.
start_rabbitmq() {
    local directory=$1 password=$2
    make_private "$directory"
    if [[ ! -f $directory/.erlang.cookie ]]; then
        (umask 277 && random_secret > "$directory/.erlang.cookie")
    fi
    printf '%s.\n' '[rabbitmq_management,rabbitmq_prometheus]' > "$directory/enabled_plugins"
    # Queue figures once a second instead of every five: what one sees over HTTP is what is there.
    printf '%s.\n' '[{rabbit, [{quorum_tick_interval, 1000}]}]' > "$directory/advanced.config"
    (umask 077 && sed -e "s|@AMQP_PORT@|${port[amqp]}|" -e "s|@MANAGEMENT_PORT@|${port[management]}|" \
        -e "s|@METRICS_PORT@|${port[broker-metrics]}|" -e "s|@VHOST@|$broker_vhost|" \
        -e "s|@USER@|$broker_admin|" -e "s|@PASSWORD@|$password|" \
        "$root/deploy/broker/rabbitmq.conf" > "$directory/rabbitmq.conf")

    # Left to itself the node starts an epmd that outlives it: this one is ours, in the foreground.
    launch epmd "$state/log/rabbitmq.log" epmd -relaxed_command_check -address 127.0.0.1 -port "${port[epmd]}"
    (
        export HOME=$directory
        export RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_NODENAME=copps@localhost
        export RABBITMQ_MNESIA_BASE=$directory/data RABBITMQ_LOG_BASE=$directory/log
        export RABBITMQ_PID_FILE=$directory/node.pid
        export RABBITMQ_CONFIG_FILE=$directory/rabbitmq.conf RABBITMQ_ADVANCED_CONFIG_FILE=$directory/advanced.config
        export RABBITMQ_ENABLED_PLUGINS_FILE=$directory/enabled_plugins
        export RABBITMQ_DIST_PORT=${port[distribution]} ERL_EPMD_PORT=${port[epmd]} ERL_EPMD_ADDRESS=127.0.0.1
        export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
        export RUNNING_UNDER_SYSTEMD=1 # the Erlang machine replaces the script: one pid, and it handles the signals
        unset NOTIFY_SOCKET
        cd "$directory" || exit
        launch rabbitmq "$state/log/rabbitmq.log" "$rabbitmq_bin/rabbitmq-server"
    )

    local deadline=$((SECONDS + 120))
    until [[ $(http_status "${port[management]}" /api/health/checks/local-alarms "$broker_admin:$password") == 200 ]]; do
        if ! process_is_alive rabbitmq || ((SECONDS >= deadline)); then
            tail -n 20 "$state/log/rabbitmq.log" "$directory"/log/*.log >&2 || true
            fail "RabbitMQ did not start"
        fi
        sleep 0.2
    done
}

# stop_rabbitmq: what was confirmed is on the disk, and the node closes its queues and listeners at once;
# the seconds that Erlang then takes to unload itself are not worth waiting for.
stop_rabbitmq() {
    local deadline=$((SECONDS + 3))
    signal_process rabbitmq TERM
    while process_is_alive rabbitmq && ((SECONDS < deadline)); do sleep 0.1; done
    kill_rabbitmq
}

# kill_rabbitmq: at once, for a node that is thrown away.
kill_rabbitmq() {
    stop_process rabbitmq KILL 5
    stop_process epmd TERM 2
}
