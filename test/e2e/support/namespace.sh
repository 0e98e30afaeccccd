#!/bin/sh
# Runs a command in a network namespace of its own: nothing of it can reach, or be seen by, the
# machine, and all of its processes end with it. Needs no root: the user is root inside only.
# Usage: namespace.sh COMMAND [ARGUMENT…]
set -eu
if [ "${PLATFORM_E2E_INSIDE:-}" != yes ]; then
  PLATFORM_E2E_INSIDE=yes exec unshare --map-root-user --net --pid --mount-proc --fork \
    --kill-child -- "$0" "$@"
fi
ip link set lo up
# The API server wants a default route, though nothing is ever sent along it.
ip link add outside type veth peer name inside
ip address add 10.255.0.1/24 dev inside
ip link set inside up
ip link set outside up
ip route add default via 10.255.0.2 dev inside
# Every pod's address is an address of the loopback device.
ip route add local 10.0.0.0/16 dev lo
exec "$@"
