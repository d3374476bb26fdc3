# shellcheck shell=bash
# What the commands say to a person.

say() { printf '%s\n' "$*"; }
step() { printf '==> %s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

fail() {
    warn "$*"
    exit 1
}

# confirm QUESTION: yes only when a person at a terminal says so.
confirm() {
    local answer
    [[ -t 0 ]] || return 1
    read -r -p "$1 [y/N] " answer
    [[ $answer == [yY] || $answer == [yY][eE][sS] ]]
}
