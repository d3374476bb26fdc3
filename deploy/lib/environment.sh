# shellcheck shell=bash
# What the executables are told: one file of environment variables each, in $state/env, made anew at each start
# from the secrets, the ports and the clock, which are kept.

services=(intake triage cbat-routing outreach-resources notifications)

# variable_name cbat-routing → CBAT_ROUTING
variable_name() {
    local name=${1//-/_}
    printf '%s\n' "${name^^}"
}

# Every secret is made once; a later version's new ones are added to the file.
keep_secrets() {
    local name
    local -a names=(COPPS_ADMIN_DATABASE_PASSWORD COPPS_AUDIT_DATABASE_PASSWORD COPPS_BROKER_ADMIN_PASSWORD COPPS_OPERATOR_TOKEN)
    for name in "${services[@]}"; do
        names+=("COPPS_$(variable_name "$name")_DATABASE_PASSWORD" "COPPS_$(variable_name "$name")_BROKER_PASSWORD")
    done

    (umask 077 && touch "$state/secrets")
    for name in "${names[@]}"; do
        grep -q "^$name=" "$state/secrets" || printf '%s=%s\n' "$name" "$(random_secret)" >> "$state/secrets"
    done
}

secret() { sed -n "s/^$1=//p" "$state/secrets"; }

# The accelerated clock: a day in six minutes. It keeps its origin, so that domain time goes on over a restart.
keep_clock() {
    [[ -f $state/clock.env ]] || printf '%s\n' \
        "COPPS_CLOCK_START=${COPPS_CLOCK_START:-2026-11-04T17:00:00Z}" \
        "COPPS_CLOCK_ORIGIN=$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
        "COPPS_CLOCK_RATE=${COPPS_CLOCK_RATE:-240}" > "$state/clock.env"
}

write_environments() (
    umask 077
    for service in "${services[@]}"; do
        name=$(variable_name "$service")
        {
            common_environment
            printf '%s\n' \
                "COPPS_DATABASE_USER=${service//-/_}" "COPPS_DATABASE_PASSWORD=$(secret "COPPS_${name}_DATABASE_PASSWORD")" \
                "COPPS_BROKER_USER=${service//-/_}" "COPPS_BROKER_PASSWORD=$(secret "COPPS_${name}_BROKER_PASSWORD")" \
                "COPPS_HTTP_HOST=127.0.0.1" "COPPS_HTTP_PORT=${port[$service]}" \
                "COPPS_OPERATOR_TOKEN_SHA256=$(secret COPPS_OPERATOR_TOKEN | tr -d '\n' | sha256sum | cut -d ' ' -f 1)"
        } > "$state/env/$service.env"
    done
    {
        common_environment
        printf '%s\n' \
            "COPPS_ADMIN_DATABASE_USER=$postgres_admin" "COPPS_BROKER_ADMIN_USER=$broker_admin" \
            "COPPS_BROKER_MANAGEMENT_URL=http://127.0.0.1:${port[management]}"
        for service in "${services[@]}"; do
            printf 'COPPS_%s_URL=http://127.0.0.1:%s\n' "$(variable_name "$service")" "${port[$service]}"
        done
        cat "$state/secrets"
    } > "$state/env/copps.env"
)

common_environment() {
    printf '%s\n' \
        "COPPS_DATABASE_HOST=127.0.0.1" "COPPS_DATABASE_PORT=${port[database]}" "COPPS_DATABASE_NAME=copps" \
        "COPPS_BROKER_HOST=127.0.0.1" "COPPS_BROKER_PORT=${port[amqp]}" "COPPS_BROKER_VHOST=$broker_vhost" \
        "COPPS_CONFIG_DIR=$(printf '%q' "$root/deploy/config")" "COPPS_LOG_LEVEL=${COPPS_LOG_LEVEL:-info}"
    cat "$state/clock.env"
}

# "${with_environment[@]}" FILE COMMAND…: a command line that knows the file's COPPS_ variables and no others.
# shellcheck disable=SC2016
with_environment=(bash -c 'unset "${!COPPS_@}"; set -a; source "$1"; set +a; shift; exec "$@"' copps)
