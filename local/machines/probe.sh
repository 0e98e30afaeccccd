#!/bin/bash
# Tries what a node needs, in namespaces that end with this script. Before each step, it prints the name of the step.
# Usage: probe.sh SYSTEM FOLDER
set -eu
source "${0%/*}/root.sh"

echo mounts
hostname probe
make_root "$1" "$2" "$2/data" ""

echo layers
mkdir /var/lower /var/upper /var/work /tmp/merged
mount -t overlay -o lowerdir=/var/lower,upperdir=/var/upper,workdir=/var/work probe /tmp/merged
touch /tmp/merged/file

echo network
sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
ip link set lo up
ip link add bridge type bridge
ip link add cable type veth peer name eth0
ip link set cable master bridge up

# Rules like those of kube-proxy and the network policies.
echo rules
nft -f - <<'RULES'
table ip probe {
  set peers {
    type ipv4_addr
    flags interval
    elements = { 10.0.0.0/8 }
  }
  map services {
    type ipv4_addr . inet_proto . inet_service : verdict
    elements = { 10.96.0.1 . tcp . 443 : goto service }
  }
  chain service {
    numgen random mod 2 vmap { 0 : accept, 1 : accept }
  }
  chain prerouting {
    type nat hook prerouting priority dstnat
    ip daddr . meta l4proto . th dport vmap @services
    fib daddr type local tcp dport 30080 dnat to 10.0.0.1:80
  }
  chain postrouting {
    type nat hook postrouting priority srcnat
    meta mark & 0x4000 == 0x4000 masquerade fully-random
  }
  chain forward {
    type filter hook forward priority filter
    ct state established,related accept
    ip saddr @peers accept
  }
}
RULES
