# shellcheck shell=bash
# The five services as five processes.

start_services() {
    local service
    for service in "${services[@]}"; do
        [[ ! -f $state/log/$service.log ]] || mv -f "$state/log/$service.log" "$state/log/$service.previous.log"
        launch "$service" "$state/log/$service.log" \
            "${with_environment[@]}" "$state/env/$service.env" "$products/copps-$service"
    done
    for service in "${services[@]}"; do await_ready "$service"; done
}

await_ready() { # SERVICE
    local deadline=$((SECONDS + 60))
    until [[ $(http_status "${port[$1]}" /readyz) == 200 ]]; do
        if ! process_is_alive "$1" || ((SECONDS >= deadline)); then
            tail -n 20 "$state/log/$1.log" >&2
            fail "$1 is not ready, see $state/log/$1.log"
        fi
        sleep 0.1
    done
}

# watch_services: returns when one of them has ended, naming it.
watch_services() {
    local service
    while true; do
        for service in "${services[@]}"; do
            if ! process_is_alive "$service"; then
                tail -n 20 "$state/log/$service.log" >&2
                warn "$service has ended, see $state/log/$service.log"
                return 1
            fi
        done
        sleep 1 &
        wait $!
    done
}

# stop_services: all are asked at once; each finishes its batch, acknowledges and closes.
stop_services() {
    local service
    for service in "${services[@]}"; do signal_process "$service" TERM; done
    for service in "${services[@]}"; do await_end "$service" 15; done
}

anything_runs() {
    local name
    for name in attended "${services[@]}" rabbitmq epmd postgres; do
        if process_is_alive "$name"; then return 0; fi
    done
    return 1
}

print_status() {
    local name pid where answer running=0
    remembered_ports
    for name in postgres rabbitmq "${services[@]}"; do
        if pid=$(process_id "$name"); then
            case $name in
                postgres) where=${port[database]} answer='' ;;
                rabbitmq) where=${port[amqp]} answer='' ;;
                *) where=${port[$name]} answer="readyz $(http_status "${port[$name]}" /readyz || echo 'does not answer')" ;;
            esac
            printf '%-20s pid %-8s 127.0.0.1:%-6s %s\n' "$name" "$pid" "$where" "$answer"
        else
            printf '%-20s stopped\n' "$name"
            running=3
        fi
    done
    return "$running"
}
