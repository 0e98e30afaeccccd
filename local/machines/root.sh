#!/bin/bash
# The root file system of a node. node.sh and probe.sh source this file, each in its own mount namespace.

# make_root SYSTEM FOLDER VOLUMES PROGRAMS: builds it from the node's system, folder, volumes and programs, and enters it.
make_root() {
  local system=$1 folder=$2 volumes=$3 programs=$4 link list program
  mount --make-rprivate /
  mount -t tmpfs -o mode=755,size=64m node "$folder/root"
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
  # Volumes that attach to any node: every node has this folder.
  mount --bind "$volumes" volumes
  IFS=: read -ra list <<<"$programs"
  for program in "${list[@]}"; do
    touch "opt/platform/${program##*/}"
    mount --bind "$program" "opt/platform/${program##*/}"
  done
  pivot_root . old
  umount --lazy /old
  rmdir /old
  # Mounts of the node propagate to its containers, as with systemd: node-exporter and storage drivers require it.
  mount --make-rshared /
  export PATH=/opt/platform:/usr/sbin:/usr/bin
}
