#!/bin/sh
# Brings this machine into the state that its folder describes. The README of the plan lists the order of the steps.
#   sh machine.sh            prepares the machine, and joins it to the cluster if a bundle was brought
#   sh machine.sh --check    only reads; exit code 0: the machine is as described, 1: it differs
#   sh machine.sh init       creates the cluster on this control-plane machine, and its network
#   sh machine.sh network    applies the network plugin again
#   sh machine.sh bundle control-plane|worker    writes what another machine joins with (tar) to standard output
#   sh machine.sh upgrade    brings a member of the cluster to the version of this folder
#   sh machine.sh renew      renews the certificates of this control-plane machine
set -eu
umask 022
# settings

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
kubernetes=/etc/kubernetes
admin=$kubernetes/admin.conf
key=$kubernetes/encryption/secrets.yaml
discovery=$kubernetes/discovery.conf
# Files that were changed, and that their services have not read yet: also those of a run that was interrupted.
unread=/var/lib/cluster-plan/unread
check=false
differences=0
denied=0

fail() {
  printf '%s: %s\n' "$NAME" "$*" >&2
  exit 1
}

# Runs a command that changes the machine. With --check, only prints what differs.
change() {
  what=$1
  shift
  if $check; then
    printf 'differs  %s\n' "$what"
    differences=$((differences + 1))
  else
    printf 'changes  %s\n' "$what" >&2
    "$@"
  fi
}

# A difference that this script must not correct.
refuse() {
  if $check; then change "$1" :; else fail "$1; $2"; fi
}

# A change that a machine may not permit. The script continues without it, so that one run lists all of them.
#   attempt WHAT REASON COMMAND...    with an empty REASON, the command may work
attempt() {
  wish=$1
  reason=$2
  shift 2
  if $check; then
    change "$wish${reason:+: $reason}" :
  elif [ -n "$reason" ]; then
    deny "$wish" "$reason"
  else
    change "$wish" "$@" || deny "$wish" "see above"
  fi
}

deny() {
  printf 'cannot   %s: %s\n' "$1" "$2" >&2
  denied=$((denied + 1))
}

permitted() { [ "$denied" = 0 ] || fail "$denied changes that this machine does not permit, above; fix the causes, and run this script again"; }

member() { [ -f "$kubernetes/kubelet.conf" ]; }
needs_control_plane() { [ "$ROLE" = control-plane ] || fail "expected a control-plane machine, got a worker"; }

# Downloads a file and verifies its checksum. Without one (-), a person has to compare it first.
download() {
  mkdir -p "$(dirname -- "$3")"
  curl --fail --silent --show-error --location --proto '=https' --output "$3.part" "$1" || fail "$1 cannot be downloaded"
  found=$(sha256sum <"$3.part" | cut -d ' ' -f 1)
  if [ "$2" != "$found" ]; then
    rm -f "$3.part"
    [ "$2" = - ] || fail "$1: expected the checksum $2, got $found; do not use it before you know why"
    fail "$1 has the checksum $found: compare it with its publisher's, and write it as sha256 into $SOURCE"
  fi
  mv -f "$3.part" "$3"
}

identity() {
  [ "$(hostname)" = "$NAME" ] || refuse "expected the host name $NAME, got $(hostname)" "run the script of this machine, or hostnamectl set-hostname $NAME"
  ip -4 -o address show dev "$INTERFACE" | grep -qF " $ADDRESS/" || refuse "expected the address $ADDRESS on $INTERFACE, got none" "set it first"
}

file() {
  if [ -f "$2" ] && cmp -s "$here/files$2" "$2" && [ "$(stat -c %a:%u:%g "$2")" = "$1:0:0" ]; then return; fi
  change "$2" put "$1" "$2"
}

put() {
  # The kubelet reads every file of its manifests that does not begin with a dot.
  new=$(dirname -- "$2")/.new
  install -D -o root -g root -m "$1" "$here/files$2" "$new"
  mkdir -p "$(dirname -- "$unread")"
  printf '%s\n' "$2" >>"$unread"
  mv -f "$new" "$2"
}

is_unread() { grep -q "^$1" "$unread" 2>/dev/null; }

files() {
  while read -r mode path; do file "$mode" "$path"; done <<EOF
$FILES
EOF
}

# Whether a module is loaded or a part of the kernel. In the latter case, /sys/module has it only if it has parameters.
has_module() {
  module=$(printf %s "$1" | tr - _)
  built_in=/lib/modules/$(uname -r)/modules.builtin
  if [ -d "/sys/module/$module" ]; then return; fi
  # Without that list, the settings that the module provides show that it is there.
  if [ "$module" = br_netfilter ] && [ -d /proc/sys/net/bridge ]; then return; fi
  [ -f "$built_in" ] && tr - _ <"$built_in" | grep -q "/$module\.ko"
}

# Why a module cannot be loaded, in modprobe's words.
why_no_module() {
  command -v modprobe >/dev/null || return 0
  words=$(modprobe --dry-run "$1" 2>&1) || printf '%s\n' "${words#modprobe: FATAL: }"
}

modules() {
  for wanted in $MODULES; do
    has_module "$wanted" || attempt "kernel module $wanted" "$(why_no_module "$wanted")" modprobe "$wanted"
  done
}

# Why a setting of the kernel cannot be written.
why_no_sysctl() {
  command -v sysctl >/dev/null || return 0
  words=$(sysctl -n "$1" 2>&1) || { printf '%s\n' "${words#sysctl: }" && return; }
  case $1 in */*) path=$1 ;; *) path=$(printf %s "$1" | tr . /) ;; esac
  [ ! -e "/proc/sys/$path" ] || [ -w "/proc/sys/$path" ] || echo "it is read-only on this machine"
}

sysctls() {
  while read -r name value; do
    # The kernel has tabs between several values.
    [ "$(sysctl -n "$name" 2>/dev/null | tr '\t' ' ')" = "$value" ] \
      || attempt "$name = $value" "$(why_no_sysctl "$name")" sysctl -q -w "$name=$value"
  done <<EOF
$SYSCTLS
EOF
}

swap() {
  [ "$SWAP" = off ] || return 0
  [ -z "$(swapon --noheadings --show=NAME)" ] || change "swap is on" swapoff -a
  pattern='^[^#[:space:]]+[[:space:]]+[^[:space:]]+[[:space:]]+swap[[:space:]]'
  ! grep -Eq "$pattern" /etc/fstab || change "swap in /etc/fstab" sed -E -i "/$pattern/s/^/# /" /etc/fstab
}

installed() { dpkg-query -W -f '${db:Status-Status} ${Version}' "$1" 2>/dev/null | sed -n 's/^installed //p'; }

# Whether the key of a source of packages is there, and the one that the plan names if it names one.
key_is_known() {
  [ -f "$1" ] || return 1
  [ "$2" = - ] || [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "$2" ]
}

packages() {
  command -v curl >/dev/null || change "package curl" install_packages "curl ca-certificates"
  while read -r name address sum; do
    [ -n "$name" ] || continue
    target=/etc/apt/keyrings/$name.asc
    key_is_known "$target" "$sum" || change "$target" download "$address" "$sum" "$target"
  done <<EOF
$KEYS
EOF
  missing=
  for package in $PACKAGES; do [ -n "$(installed "$package")" ] || missing="$missing $package"; done
  case $(installed "$CONTAINERD") in
    '') missing="$missing $CONTAINERD" ;;
    *:[01].* | [01].*) refuse "expected containerd 2 or later, got $(installed "$CONTAINERD")" "set packages.containerd in $SOURCE" ;;
  esac
  for package in kubeadm kubelet kubectl; do
    case $(installed "$package") in
      "$VERSION"-*) ;;
      '') missing="$missing $package=$VERSION-*" ;;
      *) refuse "expected $package $VERSION, got $(installed "$package")" "run: sh machine.sh upgrade" ;;
    esac
  done
  [ -z "$missing" ] || change "packages$missing" install_packages "$missing"
  [ -z "$missing" ] || $check || apt-mark hold kubeadm kubelet kubectl >&2
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >&2
  # Keeps this folder's files that packages have too, such as containerd's. Otherwise, dpkg asks and gets no answer.
  # shellcheck disable=SC2086 # a list of packages
  apt-get install -q -y --no-install-recommends --allow-change-held-packages \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold $1 >&2 || fail "packages cannot be installed: $1"
}

# Compares the rules that nft makes of the file, in an empty network namespace, with the loaded ones.
firewall() {
  wanted=
  if command -v nft >/dev/null; then
    # shellcheck disable=SC2016 # the inner shell's parameter
    wanted=$(unshare --net sh -c 'nft -f "$1" && nft list table inet machine' sh "$here/files$FIREWALL")
  fi
  if [ -z "$wanted" ] || [ "$wanted" != "$(nft list table inet machine 2>/dev/null)" ]; then
    change "rules of the firewall" nft -f "$here/files$FIREWALL"
  fi
}

trust_authorities() { update-ca-certificates >&2; }

services() {
  if [ ! -d /run/systemd/system ]; then
    attempt "services $SERVICES kubelet" "systemd does not run on this machine" :
    return
  fi
  ! is_unread /etc/systemd/ || change "systemd has not read its new files" systemctl daemon-reload
  ! is_unread /etc/systemd/journald || change "journald has not read its new file" systemctl restart systemd-journald
  ! is_unread /usr/local/share/ca-certificates/ || change "new authorities are not in use" trust_authorities
  if is_unread /etc/containerd/config.toml || is_unread /usr/local/share/ca-certificates/; then
    change "containerd has not read its new files" systemctl restart containerd
  fi
  $check || rm -f "$unread"
  for service in $SERVICES; do
    systemctl is-enabled --quiet "$service" || change "$service is not enabled" systemctl enable "$service"
    systemctl is-active --quiet "$service" || change "$service does not run" systemctl start "$service"
  done
  systemctl is-enabled --quiet kubelet || change "kubelet is not enabled" systemctl enable kubelet
  if member && ! systemctl is-active --quiet kubelet; then change "kubelet does not run" systemctl start kubelet; fi
}
