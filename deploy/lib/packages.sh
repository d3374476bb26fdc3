# shellcheck shell=bash
# The distribution's packages that COPPS builds with and runs on (Debian, Ubuntu).

missing_packages() {
    command -v pkg-config > /dev/null || printf '%s\n' pkg-config
    pkg-config --exists librabbitmq 2> /dev/null || printf '%s\n' librabbitmq-dev
    pkg-config --exists libpq 2> /dev/null || printf '%s\n' libpq-dev
    compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || printf '%s\n' "$(postgres_package)"
    [[ -x $rabbitmq_bin/rabbitmq-server ]] || printf '%s\n' rabbitmq-server
    if [[ ${1:-} == tests ]]; then # the fault suite puts clocks wrong
        compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' > /dev/null || printf '%s\n' libfaketime
    fi
}

# The version we test with where the distribution has it, else the distribution's own.
postgres_package() {
    if apt-cache show postgresql-15 > /dev/null 2>&1; then echo postgresql-15; else echo postgresql; fi
}

# require_packages [tests]: installs what is missing, or says how and fails.
require_packages() {
    local -a missing elevate=()
    mapfile -t missing < <(missing_packages "${1:-}")
    ((${#missing[@]})) || return 0
    if [[ -n ${COPPS_RABBITMQ_BIN:-} && ${missing[*]} == *rabbitmq-server* ]]; then
        fail "there is no rabbitmq-server in $COPPS_RABBITMQ_BIN"
    fi

    command -v apt-get > /dev/null \
        || fail "install PostgreSQL 15 or newer, RabbitMQ 3.10 or newer, pkg-config and the headers of libpq and librabbitmq, then try again"
    if ((EUID != 0)); then
        elevate=(sudo)
        if ! command -v sudo > /dev/null || { [[ ! -t 0 ]] && ! sudo -n true 2> /dev/null; }; then
            fail "these packages are missing; as root: apt-get install --no-install-recommends ${missing[*]}"
        fi
    fi
    step "Installing ${missing[*]} (under a minute)"
    "${elevate[@]}" bash "${BASH_SOURCE[0]}" install "${missing[@]}"
}

# The system's own servers, which the packages bring along and COPPS does not use.
system_units=(rabbitmq-server.service postgresql.service epmd.service epmd.socket)

# install_quietly PACKAGE…: as root. No service of the system is started, and none that is new stays enabled.
install_quietly() {
    local unit log
    local -a fresh=()
    for unit in "${system_units[@]}"; do
        [[ -e /lib/systemd/system/$unit ]] || fresh+=("$unit")
    done

    # dpkg's hook against starting services: ours only for the time of the installation, and only where there is none.
    log=$(mktemp)
    if [[ ! -e /usr/sbin/policy-rc.d ]]; then
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
        chmod 755 /usr/sbin/policy-rc.d
    fi

    export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
    if ! {
        apt-get -q -o DPkg::Lock::Timeout=300 update
        apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
    } > "$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "apt-get failed: $log" >&2
        exit 1
    fi
    rm -f "$log"

    if command -v systemctl > /dev/null; then
        for unit in "${fresh[@]}"; do systemctl disable --quiet "$unit" 2> /dev/null || true; done
    fi
}

# Run as a command, by sudo, for the part that needs root.
if [[ ${BASH_SOURCE[0]} == "$0" && ${1:-} == install ]]; then
    set -euo pipefail
    shift
    install_quietly "$@"
fi
