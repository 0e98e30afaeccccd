import { supportedKubernetes } from "../../../versions/kubernetes";
import { minorOf } from "../../../cluster/version";
import { findings, listNames, type Check } from "../look";

/** Difference of clocks that does not affect tokens and certificates, seconds. */
const tolerable = 10;
const severe = 120;

/** Checks the versions of the API server, the kubelets and the container runtimes. */
export const versions: Check = async ({ api, config, nodes }) => {
  const { ok, missing, warning } = findings("versions");
  const answer = await api.get<{ major: string; minor: string }>("/version");
  const server = `${answer?.major ?? "?"}.${(answer?.minor ?? "?").replace(/\D+$/, "")}`;
  const stated = config.cluster.version;
  const supported = supportedKubernetes.some((version) => version === server);
  const minor = minorOf(server);
  const kubelets = nodes.map((node) => ({
    name: node.metadata.name,
    minor: minorOf(node.status?.nodeInfo?.["kubeletVersion"] ?? ""),
    runtime: node.status?.nodeInfo?.["containerRuntimeVersion"] ?? "",
  }));
  const newer = kubelets.filter((it) => it.minor > minor).map(({ name }) => name);
  const older = kubelets.filter((it) => it.minor < minor - 3).map(({ name }) => name);
  const different = kubelets.filter((it) => it.minor < minor && it.minor >= minor - 3);
  const old = kubelets.filter(({ runtime }) => /^containerd:\/\/1\./.test(runtime));
  return [
    supported
      ? ok(`Kubernetes ${server}`)
      : missing(
          `Kubernetes ${server}`,
          `this program declares objects for ${supportedKubernetes.join(", ")}; upgrade the cluster`,
        ),
    ...(stated !== undefined && stated !== server
      ? [missing(`platform:cluster.version is ${stated}, the cluster's is ${server}`, "correct it")]
      : []),
    ...(newer.length > 0
      ? [
          missing(
            `kubelets newer than the API server: ${listNames(newer)}`,
            "upgrade the control plane first",
          ),
        ]
      : []),
    ...(older.length > 0
      ? [missing(`kubelets over three versions behind: ${listNames(older)}`, "upgrade these nodes")]
      : []),
    ...(different.length > 0
      ? [
          warning(
            `kubelets behind the API server: ${listNames(different.map(({ name }) => name))}`,
            "finish the upgrade of the nodes",
          ),
        ]
      : []),
    ...(old.length > 0 && minor >= 36
      ? [
          warning(
            `containerd 1 on ${listNames(old.map(({ name }) => name))}`,
            "kubelets require containerd 2 from 1.36 on; upgrade it",
          ),
        ]
      : []),
  ];
};

/**
 * Checks whether this computer's clock agrees with the API server's, because tokens and certificates depend on
 * it.
 */
export const clock: Check = async ({ api, now }) => {
  const { ok, missing, warning, unknown } = findings("clock");
  const before = now().getTime();
  const { date } = await api.ask("GET", "/version");
  const after = now().getTime();
  if (date === undefined)
    return [unknown("the API server's response contains no time", "compare them")];
  // The server's time has whole seconds.
  const ahead = before - date.getTime() - 1000;
  const behind = date.getTime() - after;
  const seconds = Math.max(0, Math.round(Math.max(ahead, behind) / 1000));
  if (seconds < tolerable) return [ok("this computer's clock agrees with the API server's")];
  const text = `this computer's clock is ${seconds} s ${ahead > behind ? "ahead of" : "behind"} the API server`;
  return [(seconds < severe ? warning : missing)(text, "run NTP (chrony) on all machines")];
};
