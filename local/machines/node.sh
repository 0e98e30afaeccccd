#!/bin/bash
# The first process of one node: creates its file system and its network, then keeps its programs running. When it ends,
# everything that it started ends, because it is the first process of its PID namespace.
# Usage: node.sh SYSTEM FOLDER VOLUMES PROGRAMS NAME ADDRESS GATEWAY [ROUTE VIA]...
set -eu
source "${0%/*}/root.sh"
system=$1 folder=$2 volumes=$3 programs=$4 name=$5 address=$6 gateway=$7
shift 7
hostname "$name"

make_root "$system" "$folder" "$volumes" "$programs"
sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
ip link set lo up
# The starter creates the network interface from outside.
for ((i = 0; i < 100; i++)); do
  [ -e /sys/class/net/eth0 ] && break
  sleep 0.1
done
ip address add "$address/24" dev eth0
ip link set eth0 up
ip route add default via "$gateway"
while [ $# -gt 1 ]; do
  ip route add "$1" via "$2"
  shift 2
done

# Restarts a program that ends, like its systemd unit.
keep() {
  local log="/var/log/$1.log"
  while :; do
    "$@" >>"$log" 2>&1 || echo "$1 ended with $?" >>"$log"
    sleep 1
  done
}
keep containerd --config /etc/containerd/config.toml &
for ((i = 0; i < 300; i++)); do
  [ -S /run/containerd/containerd.sock ] && break
  sleep 0.1
done
keep kubelet --config /etc/kubernetes/kubelet.yaml --kubeconfig /etc/kubernetes/kubelet.conf \
  --hostname-override "$(hostname)" --node-ip "$address" --node-labels "$(cat /etc/kubernetes/labels)" &
keep kube-proxy --config /etc/kubernetes/kube-proxy.yaml --hostname-override "$(hostname)" &
wait
