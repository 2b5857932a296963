#!/bin/sh
# Starts Valkey, or asks whether it answers (`ping`). The password comes out of the
# URL's secret file and never onto a command line, which every process could read.
set -eu
url=$(cat "${REDIS_URL_FILE:?}")
password=${url#redis://:}
password=${password%%@*}
if [ "${1:-}" = ping ]; then
    answer=$(REDISCLI_AUTH=$password valkey-cli ping)
    [ "$answer" = PONG ]
    exit
fi
exec valkey-server "${VALKEY_CONF:-/etc/valkey/valkey.conf}" - <<SETTINGS
requirepass $password
SETTINGS
