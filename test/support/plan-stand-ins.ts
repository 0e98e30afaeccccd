import { haproxyCommand } from "../../local/toolchain/haproxy";
import { binary } from "../../local/toolchain/install";

/** Commands of a container by the tag of its image; the tag "" stands for all. */
type ByTag = Record<string, readonly string[]>;

/**
 * Returns the programs that run in place of the containers of static pods.
 * @param versions of Kubernetes, each with programs of its own.
 * @param keepalived its command; without one, it does not run.
 */
export function programsOf(
  versions: readonly string[],
  keepalived: readonly string[] | undefined,
): Record<string, ByTag> {
  const parts = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
  const haproxy = haproxyCommand();
  return {
    ...Object.fromEntries(
      parts.map((name) => [
        name,
        Object.fromEntries(versions.map((it) => [`v${it}`, [binary(name, it)]])),
      ]),
    ),
    etcd: { "": [binary("etcd")] },
    ...(haproxy === undefined
      ? {}
      : { haproxy: { "": [...haproxy, "-f", "/etc/haproxy/haproxy.cfg"] } }),
    ...(keepalived === undefined
      ? {}
      : {
          keepalived: {
            "": [
              ...keepalived,
              ...["--dont-fork", "--log-console", "--use-file", "/etc/keepalived/keepalived.conf"],
            ],
          },
        }),
  };
}

/** The file that machines get for every download: the definition that Calico's Installation needs. */
export const downloaded = JSON.stringify({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "installations.operator.tigera.io" },
  spec: {
    group: "operator.tigera.io",
    scope: "Cluster",
    names: { kind: "Installation", plural: "installations", singular: "installation" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
    ],
  },
});

const refuse = 'echo "stand-in: unknown call: $0 $*" >&2; exit 64';

/**
 * Stand-ins for programs that change the kernel and the system of this machine. Each stores the changes that it was
 * asked for, and responds from them.
 */
export const standIns: Record<string, string> = {
  "dpkg-query": `[ "$1 $2" = "-W -f" ] && [ $# = 4 ] || { ${refuse}; }
grep -q "^$4 " "$STATE/packages" 2>/dev/null || { echo "dpkg-query: no packages found matching $4" >&2; exit 1; }
sed -n "s/^$4 /installed /p" "$STATE/packages" | tail -n 1`,
  "apt-get": `case "$1" in
  update) ;;
  install)
    for word in "$@"; do
      case $word in
        install | -q | -y | --no-install-recommends | --allow-change-held-packages) ;;
        -o | Dpkg::Options::=--force-confdef | Dpkg::Options::=--force-confold) ;;
        -*) ${refuse} ;;
        containerd.io) echo "containerd.io 2.4.2-1~debian.13" ;;
        *=*-\\*) version=\${word#*=}; echo "\${word%%=*} \${version%\\*}1.1" ;;
        kubeadm | kubelet | kubectl) ${refuse} ;;
        *) echo "$word 1.0" ;;
      esac
    done >>"$STATE/packages" ;;
  *) ${refuse} ;;
esac`,
  "apt-mark": `[ "$1" = hold ] || { ${refuse}; }`,
  curl: `case "$*" in
  */livez) exec /usr/bin/curl "$@" ;;
esac
target= address=
while [ $# -gt 0 ]; do
  case $1 in
    --output) target=$2; shift ;;
    --proto) shift ;;
    --fail | --silent | --show-error | --location) ;;
    https://*) address=$1 ;;
    *) ${refuse} ;;
  esac
  shift
done
cat "$(dirname "$0")/download" >"$target"`,
  modprobe: `[ "$1" != --dry-run ] || exit 0
[ $# = 1 ] && mkdir "/sys/module/$1"`,
  sysctl: `case "$1" in
  -n) [ ! -e "$STATE/sysctls" ] || sed -n "s|^$2=||p" "$STATE/sysctls" | tail -n 1 ;;
  -q) [ "$2" = -w ] && echo "$3" >>"$STATE/sysctls" ;;
  *) ${refuse} ;;
esac`,
  swapon: `[ "$*" = "--noheadings --show=NAME" ] || { ${refuse}; }
[ -e "$STATE/noswap" ] || echo /dev/sda2`,
  swapoff: `[ "$*" = -a ] && touch "$STATE/noswap"`,
  systemctl: `echo "systemctl $*" >>"$STATE/calls"
case "$1" in
  daemon-reload | stop) ;;
  restart) touch "$STATE/active-$2" ;;
  enable) touch "$STATE/enabled-$2" ;;
  start) touch "$STATE/active-$2" ;;
  is-enabled) [ "$2" = --quiet ] && [ -e "$STATE/enabled-$3" ] ;;
  is-active) [ "$2" = --quiet ] && [ -e "$STATE/active-$3" ] ;;
  *) ${refuse} ;;
esac`,
  "update-ca-certificates": "exit 0",
  kubeadm: `echo "kubeadm $*" >>"$STATE/calls"
version=$(sed -n 's/^kubeadm //p' "$STATE/packages" | tail -n 1)
kubeadm=$KUBEADM/\${version%-*}
# There is no container runtime, from which the checks before anything would pull images.
case "$*" in
  "init --config "*) exec "$kubeadm" "$@" --skip-phases preflight ;;
  "join --config "*)
    if grep -q '^controlPlane:' "$3"; then exec "$kubeadm" "$@" --skip-phases preflight; fi
    exec "$kubeadm" "$@" --ignore-preflight-errors all ;;
  "upgrade apply "* | "upgrade node "*) exec "$kubeadm" "$@" --skip-phases preflight ;;
  *) exec "$kubeadm" "$@" ;;
esac`,
};
