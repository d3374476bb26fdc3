# shellcheck shell=bash
# Everything that deploy/run, deploy/test and deploy/copps share. The caller has set $root.

set -euo pipefail
shopt -s inherit_errexit

for part in console process ports packages swift postgres rabbitmq state environment services; do
    # shellcheck source=/dev/null
    source "$root/deploy/lib/$part.sh"
done
unset part
