# The second part of the script of a machine: it makes the machine a member of the cluster. The first part is machine.sh.

secrets_key() {
  [ "$ROLE" = control-plane ] && member || return 0
  if [ "$(stat -c %a:%u:%g "$key" 2>/dev/null)" != 600:0:0 ]; then
    refuse "expected $key, readable by root alone" "bring it from another control-plane machine, never a new one"
  fi
}

membership() {
  if member; then return; fi
  if $check; then
    change "$NAME is not a member of the cluster" :
  elif [ -f "$discovery" ]; then
    [ "$ROLE" = worker ] || [ -f "$key" ] || fail "expected a bundle for a control-plane machine, got one for a worker"
    kubeadm join --config "$kubernetes/kubeadm-join.yaml" >&2 \
      || fail "kubeadm join failed: fix the cause, run kubeadm reset --force, and bring a new bundle"
    rm -f "$discovery"
  else
    printf '%s is prepared, but not a member of a cluster: bring a bundle and run this script again%s\n' "$NAME" \
      "$([ "$ROLE" = worker ] || echo ', or create the cluster with: sh machine.sh init')" >&2
  fi
}

prepare() {
  identity
  files
  packages
  modules
  sysctls
  swap
  firewall
  services
  secrets_key
  permitted
}

make_key() {
  [ ! -f "$key" ] || return 0
  (
    umask 077
    mkdir -p "$(dirname -- "$key")"
    sed "s|@key@|$(head -c 32 /dev/urandom | base64)|" "$kubernetes/policy/encryption.yaml" >"$key.new"
    mv "$key.new" "$key"
  )
}

init() {
  needs_control_plane
  member && fail "expected a machine outside of a cluster, got a member"
  [ ! -f "$discovery" ] || fail "expected no bundle, got $discovery; to join, run: sh machine.sh"
  ! curl --insecure --silent --max-time 5 --output /dev/null "https://$ENDPOINT/livez" \
    || fail "expected nothing at $ENDPOINT, got an answer: the cluster exists; bring a bundle to join it"
  prepare
  make_key
  kubeadm init --config "$kubernetes/kubeadm.yaml" --skip-token-print \
    || fail "kubeadm init failed: fix the cause, run kubeadm reset --force, and run this script again"
  network
}

network() {
  needs_control_plane
  number=0
  while read -r address sum; do
    [ -n "$address" ] || continue
    number=$((number + 1))
    target=/var/cache/cluster-plan/network-$number.yaml
    download "$address" "$sum" "$target"
    kubectl --kubeconfig "$admin" apply --server-side -f "$target"
  done <<EOF
$NETWORK
EOF
  for manifest in "$kubernetes"/network/*.yaml; do
    [ -f "$manifest" ] || continue
    # Its kind comes with the operator, which needs a moment.
    for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
      kubectl --kubeconfig "$admin" apply --server-side -f "$manifest" && break
      [ "$try" != 12 ] || fail "$manifest cannot be applied"
      sleep 5
    done
  done
}

bundle() {
  needs_control_plane
  case ${1-} in control-plane | worker) ;; *) fail "expected bundle control-plane or bundle worker, got ${1-nothing}" ;; esac
  [ ! -t 1 ] || fail "expected a pipe to another machine, got a terminal: the bundle holds keys"
  umask 077
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  mkdir -p "$folder$kubernetes"
  token=$(kubeadm --kubeconfig "$admin" token create --ttl 2h --description "bundle of $NAME")
  sed -e "s|@authority@|$(base64 -w 0 "$kubernetes/pki/ca.crt")|" -e "s|@token@|$token|" \
    "$kubernetes/policy/discovery.conf" >"$folder$discovery"
  if [ "$1" = control-plane ]; then
    pki=${kubernetes#/}/pki
    # By relative paths: coreutils 9.7 looks for the folders of absolute ones below the current folder.
    (cd / && cp -p --parents "$pki"/ca.* "$pki"/sa.* "$pki"/front-proxy-ca.* "$pki"/etcd/ca.* "${key#/}" "$folder")
  fi
  tar -cf - -C "$folder" etc
}

upgrade() {
  member || fail "expected a member of a cluster, got none"
  files
  install_packages "kubeadm=$VERSION-*"
  # The first control-plane machine that is upgraded changes the cluster's version.
  if [ "$ROLE" = control-plane ] && ! kubectl --kubeconfig "$admin" --namespace kube-system get configmap kubeadm-config \
    -o 'jsonpath={.data.ClusterConfiguration}' | grep -qx "kubernetesVersion: v$VERSION"; then
    kubeadm upgrade apply --yes --patches "$kubernetes/patches" "v$VERSION"
  else
    kubeadm upgrade node --patches "$kubernetes/patches"
  fi
  install_packages "kubelet=$VERSION-* kubectl=$VERSION-*"
  # What else the folder describes: the firewall, the kernel's settings, and containerd with its new settings.
  prepare
  systemctl daemon-reload
  systemctl restart kubelet
}

renew() {
  needs_control_plane
  member || fail "expected a member of a cluster, got none"
  kubeadm certs renew all
  # Static pods read certificates when they start. The kubelet stops those whose manifests are gone.
  for part in etcd kube-apiserver kube-controller-manager kube-scheduler; do
    mv "$kubernetes/manifests/$part.yaml" "$kubernetes/.$part.yaml"
    sleep "${RENEW_PAUSE-40}"
    mv "$kubernetes/.$part.yaml" "$kubernetes/manifests/$part.yaml"
  done
}

case ${1-} in
  '')
    prepare
    membership
    ;;
  --check)
    check=true
    prepare
    membership
    [ "$differences" = 0 ] || fail "$differences differences"
    printf '%s is as described\n' "$NAME"
    ;;
  init | network | upgrade | renew) "$1" ;;
  bundle) bundle "${2-}" ;;
  *) fail "expected --check, init, network, bundle, upgrade, renew or nothing, got $1" ;;
esac
