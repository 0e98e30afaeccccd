import { nodeLocalDnsAddress } from "../../../config/addresses";
import { lookup } from "../../../config/lookup";
import { findings, listNames, type Check } from "../look";

interface DaemonSet {
  metadata: { name: string; namespace: string };
  spec: { template: { spec: { containers: { args?: string[]; command?: string[] }[] } } };
}

/** Network plugins by the names of their DaemonSets, and whether they enforce policies. */
const plugins: Record<string, boolean> = {
  "calico-node": true,
  canal: true,
  cilium: true,
  "antrea-agent": true,
  "kube-router": true,
  "kube-ovn-cni": true,
  "ovnkube-node": true,
  "weave-net": true,
  "kube-flannel-ds": false,
  "kube-flannel": false,
};

/** Checks whether the installed network plugin enforces network policies. `--probe` tests it. */
export const networkPolicies: Check = async ({ api }) => {
  const { ok, missing, unknown } = findings("network policies");
  const sets = await api.list<DaemonSet>("/apis/apps/v1/daemonsets");
  const known = sets.map(({ metadata }) => metadata.name).filter((name) => name in plugins);
  const enforcing = known.filter((name) => lookup(plugins, name) === true);
  if (enforcing.length > 0) return [ok(`${listNames(enforcing)} enforces them`)];
  return known.length > 0
    ? [
        missing(
          `${listNames(known)} does not enforce them`,
          "install Calico, Cilium or another plugin that does",
        ),
      ]
    : [unknown("no network plugin that the doctor knows", "run npx platform doctor with --probe")];
};

/** Checks whether the DNS cache of the nodes, if there is one, can be reached. */
export const nodeLocalDns: Check = async ({ api, config }) => {
  const { ok, missing } = findings("DNS cache");
  const { tenancy } = config.components;
  const set = await api.get<DaemonSet>(
    "/apis/apps/v1/namespaces/kube-system/daemonsets/node-local-dns",
  );
  if (set === undefined) return [ok("no NodeLocal DNSCache; pods ask kube-system")];
  const args = set.spec.template.spec.containers.flatMap(({ args = [], command = [] }) => [
    ...command,
    ...args,
  ]);
  const listed = args[args.indexOf("-localip") + 1] ?? "";
  const addresses = listed.split(",").filter((text) => text.startsWith("169.254."));
  const allowed = tenancy?.dnsServers ?? [nodeLocalDnsAddress];
  const closed = addresses.filter((address) => !allowed.includes(`${address}/32`));
  return closed.length > 0
    ? [
        missing(
          `NodeLocal DNSCache listens on ${listNames(closed)}, which the network policies do not allow`,
          `add ${closed.map((it) => `${it}/32`).join(", ")} to platform:components.tenancy.dnsServers`,
        ),
      ]
    : [ok(`NodeLocal DNSCache on ${listNames(addresses)} is open to pods`)];
};
