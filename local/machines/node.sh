#!/bin/bash
# The first process of one machine: makes its file system and its network, then keeps its programs
# running. It ends with everything that it started, as it is the first of a process namespace.
# Usage: node.sh SYSTEM FOLDER VOLUMES PROGRAMS NAME ADDRESS GATEWAY [ROUTE VIA]...
set -eu
system=$1 folder=$2 volumes=$3 programs=$4 name=$5 address=$6 gateway=$7
shift 7
hostname "$name"

mount --make-rprivate /
mount -t tmpfs -o mode=755,size=64m machine "$folder/root"
cd "$folder/root"
mkdir data dev etc old opt opt/platform proc root run sys tmp usr var volumes
for link in bin sbin lib lib64; do ln -s "usr/$link" "$link"; done
mkdir -p "$system/usr/local" "$folder/local"
mount --bind "$system/usr" usr
mount -o remount,bind,ro usr
mount --bind "$folder/local" usr/local
cp -a "$system/etc/." etc
cp -r "$folder/etc/." etc
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount --rbind /dev dev
mount -t tmpfs -o mode=755 run run
mount -t tmpfs tmp tmp
chmod 1777 tmp
mount --bind "$folder/var" var
mkdir -p var/lib var/log var/tmp
chmod 1777 var/tmp
mount --bind "$folder/data" data
# Volumes that attach to any machine: every machine has this folder.
mount --bind "$volumes" volumes
IFS=: read -ra list <<<"$programs"
for program in "${list[@]}"; do
  touch "opt/platform/${program##*/}"
  mount --bind "$program" "opt/platform/${program##*/}"
done
pivot_root . old
umount --lazy /old
rmdir /old
# A machine's mounts reach its containers, as where systemd runs: node-exporter and storage drivers ask for it.
mount --make-rshared /

export PATH=/opt/platform:/usr/sbin:/usr/bin
sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
ip link set lo up
# This machine's other end of the cable is plugged in from outside.
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

# A program that ends starts again, as its unit would see to.
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
