import { findings, listNames, type Check } from "../look";
import { podsOf } from "../pods";

const zone = "topology.kubernetes.io/zone";

/** Checks the nodes of the stack's groups, their zones, and whether SELinux blocks directories of the node. */
export const nodes: Check = ({ config, nodes: all, objects }) => {
  const { ok, missing, warning } = findings("nodes");
  if (all.length === 0) return [missing("the cluster has no nodes", "join some")];
  const groups = Object.entries(config.nodeGroups).filter(
    ([, { labels }]) => !all.some(({ metadata }) => has(metadata.labels, labels)),
  );
  const selectors = objects
    .flatMap((object) => podsOf(object, all.length))
    .flatMap(({ title, spec }) =>
      spec.nodeSelector !== undefined &&
      !all.some(({ metadata }) => has(metadata.labels, spec.nodeSelector))
        ? [title]
        : [],
    );
  const unzoned = all.filter(({ metadata }) => metadata.labels?.[zone] === undefined);
  const enforcing = all.filter(({ status }) =>
    /Red Hat|CentOS|Rocky|AlmaLinux|Fedora|Oracle/i.test(status?.nodeInfo?.["osImage"] ?? ""),
  );
  const mounting = objects
    .flatMap((object) => podsOf(object, all.length))
    .filter(({ spec }) => (spec.volumes ?? []).some(({ hostPath }) => hostPath !== undefined))
    .map(({ title }) => title);
  const found = [
    ...groups.map(([name, { labels }]) =>
      missing(
        `no node of group ${name}`,
        `kubectl label node <node> ${Object.entries(labels)
          .map((pair) => pair.join("="))
          .join(" ")}`,
      ),
    ),
    ...(selectors.length > 0
      ? [missing(`no node has the labels that ${listNames(selectors)} select`, "label the nodes")]
      : []),
    ...(unzoned.length > 0 && unzoned.length < all.length
      ? [
          warning(
            `nodes without a zone: ${listNames(unzoned.map(({ metadata }) => metadata.name))}`,
            `label them with ${zone}; otherwise, pods are spread only over the other nodes`,
          ),
        ]
      : []),
    ...(enforcing.length > 0 && mounting.length > 0
      ? [
          warning(
            `SELinux may enforce on ${listNames(enforcing.map(({ metadata }) => metadata.name))}, and ${listNames(mounting)} use directories of the node`,
            "run getenforce there; give the directories the type container_file_t",
          ),
        ]
      : []),
  ];
  return found.length > 0 ? found : [ok(`${all.length} nodes, and every group has at least one`)];
};

function has(
  labels: Record<string, string> = {},
  wanted: Readonly<Record<string, string>> = {},
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
