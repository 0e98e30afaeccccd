import { expected, listed, show, type ConfigError } from "../../config/errors";
import { lookup } from "../../config/lookup";
import type { ClusterFile } from "../schema";
import { controlPlaneOf, type Machine } from "../schema/machines";
import { minorOf } from "../schema/version";

/** Returns errors of a cluster's machines and their groups. */
export function machineErrors(cluster: ClusterFile): ConfigError[] {
  return [
    ...roles(cluster),
    ...zones(cluster),
    ...Object.entries(cluster.machines).flatMap(([name, machine]) => [
      ...groupErrors(`machines.${name}`, machine, cluster),
      ...labelErrors(`machines.${name}.labels`, machine.labels),
      ...skew(`machines.${name}.version`, machine, cluster),
    ]),
    ...Object.entries(cluster.groups).flatMap(([name, { labels }]) => [
      ...labelErrors(`groups.${name}.labels`, labels),
      ...unused(name, cluster),
    ]),
  ];
}

function roles({ machines }: ClusterFile): ConfigError[] {
  const count = controlPlaneOf({ machines }).length;
  if (count === 1 || count === 3) return [];
  const next =
    count === 2
      ? "etcd with two members stops when either of them fails"
      : count > 3
        ? "more members make etcd slower; make the others workers"
        : "give machines the role control-plane";
  return [
    {
      key: "machines",
      message: expected("1 or 3 machines of the control plane", String(count), next),
    },
  ];
}

/** Pods are spread over zones: machines without a zone would get none of them. */
function zones({ machines }: ClusterFile): ConfigError[] {
  const all = Object.entries(machines);
  const known = [...new Set(all.map(([, { zone }]) => zone).filter((zone) => zone !== undefined))];
  if (known.length === 0) return [];
  return all
    .filter(([, { zone }]) => zone === undefined)
    .map(([name]) => ({
      key: `machines.${name}.zone`,
      message: expected(`a zone, like other machines (${listed(known.sort())})`, "nothing"),
    }));
}

function groupErrors(key: string, machine: Machine, { groups }: ClusterFile): ConfigError[] {
  const { group, role, labels } = machine;
  if (group === undefined) return [];
  if (role === "control-plane") {
    const message = expected(
      "no group of a control-plane machine",
      show(group),
      "remove it; apps run on workers",
    );
    return [{ key: `${key}.group`, message }];
  }
  const found = lookup(groups, group);
  if (found === undefined) {
    const message = expected(
      `one of the groups (${listed(Object.keys(groups))})`,
      show(group),
      "or add it to groups",
    );
    return [{ key: `${key}.group`, message }];
  }
  return Object.entries(labels)
    .filter(([label, value]) => (lookup(found.labels, label) ?? value) !== value)
    .map(([label, value]) => ({
      key: `${key}.labels.${label}`,
      message: expected(`the value of group ${group}, ${show(found.labels[label])}`, show(value)),
    }));
}

function unused(name: string, { machines }: ClusterFile): ConfigError[] {
  if (Object.values(machines).some(({ group }) => group === name)) return [];
  const message = expected(
    "at least one machine of the group",
    "none",
    `set group: ${name} on machines`,
  );
  return [{ key: `groups.${name}`, message }];
}

/** Kubernetes' own labels that a kubelet may set on its node. With others, it refuses to start. */
const allowed =
  /^((node|kubelet)\.kubernetes\.io|[\w.-]+\.(node|kubelet)\.kubernetes\.io)\/|^topology\.kubernetes\.io\/(zone|region)$|^kubernetes\.io\/(hostname|os|arch)$/;

function labelErrors(key: string, labels: Record<string, string>): ConfigError[] {
  return Object.keys(labels)
    .filter((label) => /(^|\.)(kubernetes|k8s)\.io\//.test(label) && !allowed.test(label))
    .map((label) => ({
      key: `${key}[${show(label)}]`,
      message: expected(
        "a label that a kubelet may set on its own node",
        show(label),
        "use a key of your own, such as example.com/pool",
      ),
    }));
}

function skew(key: string, { version, role }: Machine, cluster: ClusterFile): ConfigError[] {
  if (version === undefined) return [];
  const most = role === "control-plane" ? 1 : 3;
  const behind = number(cluster.version) - number(version);
  const isNewer = compare(version, cluster.version) > 0;
  if (!isNewer && behind <= most) return [];
  const what = `at most ${cluster.version} and at most ${most} minor version${most === 1 ? "" : "s"} older`;
  const next = isNewer ? "upgrade the control plane first: set version" : undefined;
  return [{ key, message: expected(what, show(version), next) }];
}

function number(version: string): number {
  return Number(minorOf(version).split(".")[1]);
}

function compare(first: string, second: string): number {
  const [a, b] = [first, second].map((text) => text.split(".").map(Number));
  const at = (a ?? []).findIndex((part, index) => part !== b?.[index]);
  return at === -1 ? 0 : (a?.[at] ?? 0) - (b?.[at] ?? 0);
}
