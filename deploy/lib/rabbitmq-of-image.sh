#!/usr/bin/env bash
# Takes RabbitMQ and its Erlang out of a container image, so that they run here without a container.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# shellcheck source=all.sh
source "$root/deploy/lib/all.sh"

# The image's programs were linked with libraries of its own: each is started by the image's loader.
start_by_loader() { # DIRECTORY PROGRAM…
    local loader libraries program
    loader=$(compgen -G "$1/lib64/ld-linux-*" || compgen -G "$1/lib/ld-linux-*")
    libraries=$(dirname "$(find "$1/usr/lib" "$1/lib/" -name libc.so.6 -print -quit)")
    for program in "$1"/opt/*/lib; do libraries+=:$program; done
    shift
    for program in "$@"; do
        [[ $(head -c 4 "$program") == $'\x7fELF' ]] || continue
        mkdir -p "${program%/*}/image"
        mv "$program" "${program%/*}/image/" # escript looks at its own name
        wrap "$program" "exec $loader --library-path $libraries ${program%/*}/image/${program##*/}"
    done
}

wrap() { # FILE COMMAND
    rm -f "$1"
    printf '#!/bin/sh\n%s "$@"\n' "$2" > "$1"
    chmod 755 "$1"
}

[[ $# == 2 && $2 != *[[:space:]]* ]] || { say "usage: deploy/lib/rabbitmq-of-image.sh IMAGE DIRECTORY" && exit 64; }
[[ ! -e $2 ]] || fail "$2 is there already"
mkdir -p "$2"
directory=$(cd "$2" && pwd -P)
container=$(docker create "$1")
docker export "$container" | tar -C "$directory" --exclude='dev/*' -xf -
docker rm "$container" > /dev/null

machine=$(dirname "$(find "$directory" -name beam.smp -type f -print -quit)")
erlang=$(cd "$machine/../.." && pwd -P)
rabbitmq=$(dirname "$(find "$directory" -name rabbitmq-env -type f -print -quit)")
start_by_loader "$directory" "$machine"/* "$erlang"/lib/*/priv/bin/* "$erlang/bin/escript"
for program in "$erlang/bin/erl" "$machine/erl"; do
    wrap "$program" "export EMU=beam PROGNAME=erl ROOTDIR=$erlang BINDIR=$machine; exec $machine/erlexec"
done
bin=$directory/copps-bin
mkdir "$bin"
wrap "$bin/escript" "export ESCRIPT_EMULATOR=$erlang/bin/erl; exec $erlang/bin/escript"
ln -s "$erlang/bin/erl" "$machine/epmd" "$rabbitmq"/rabbitmq* "$bin"
say "COPPS_RABBITMQ_BIN=$bin"
