# shellcheck shell=bash
# Loopback ports, chosen once and remembered in $state/ports; `${port[name]}` afterwards.

declare -gA port=()

port_is_free() { ! (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

remembered_ports() {
    local name number
    port=()
    [[ -r $state/ports ]] || return 0
    while read -r name number; do port[$name]=$number; done < "$state/ports"
}

# choose_ports FIRST NAME…: keeps a remembered port while it is free, else takes the next free one from FIRST up.
choose_ports() {
    local next=$1 name
    shift
    remembered_ports
    for name in "$@"; do
        if [[ -n ${port[$name]:-} ]] && port_is_free "${port[$name]}"; then continue; fi
        while [[ " ${port[*]} " == *" $next "* ]] || ! port_is_free "$next"; do next=$((next + 1)); done
        port[$name]=$next
    done
    for name in "$@"; do printf '%s %s\n' "$name" "${port[$name]}"; done > "$state/ports"
}

# http_status PORT PATH [USER:PASSWORD]: the status code of a GET, without needing curl.
http_status() (
    code='' authorization=''
    if [[ -n ${3:-} ]]; then authorization="Authorization: Basic $(printf '%s' "$3" | base64 -w 0)"$'\r\n'; fi
    { exec 3<> "/dev/tcp/127.0.0.1/$1"; } 2> /dev/null || exit 1
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n' "$2" "$authorization" >&3
    read -r -t 5 _ code _ <&3 || exit 1
    printf '%s\n' "${code%$'\r'}"
)
