import type { PodEndpointConfig } from "../../../config";
import type { Finding } from "../finding";
import { findings, listNames, type Check, type Pod } from "../look";

const parts = {
  etcd: { flag: "--listen-metrics-urls", file: "etcd.local.extraArgs" },
  controllerManager: { flag: "--bind-address", file: "controllerManager.extraArgs" },
  scheduler: { flag: "--bind-address", file: "scheduler.extraArgs" },
} as const;

const { ok, missing } = findings("control plane metrics");

/**
 * Checks whether Prometheus can reach the metrics of the control plane, as the stack's monitoring expects them.
 */
export const controlPlane: Check = async ({ api, config, pods }) => {
  const { monitoring } = config.components;
  if (monitoring === undefined) return [ok("the stack declares no monitoring")];
  const system = pods.filter(({ metadata }) => metadata.namespace === "kube-system");
  const { controlPlane: given } = monitoring;
  const found = (Object.keys(parts) as (keyof typeof parts)[]).flatMap((part) =>
    partFindings(part, given[part], system),
  );
  const proxy = given.kubeProxy.enabled ? await proxyFindings(api) : [];
  const all = [...found, ...proxy];
  return all.length > 0 ? all : [ok("every part that monitoring scrapes listens for it")];
};

function partFindings(
  part: keyof typeof parts,
  { enabled, addresses, podLabels }: PodEndpointConfig,
  pods: readonly Pod[],
): Finding[] {
  if (!enabled || addresses !== undefined) return [];
  const key = `platform:components.monitoring.controlPlane.${part}`;
  const own = pods.filter(({ metadata }) =>
    Object.entries(podLabels).every(([label, value]) => metadata.labels?.[label] === value),
  );
  if (own.length === 0) {
    const next = `set ${key}.addresses, or ${key}.enabled to false if the provider does not expose it`;
    return [missing(`no pods of ${part} in kube-system`, next)];
  }
  const { flag, file } = parts[part];
  const local = own.filter(({ spec }) => {
    const words = spec.containers.flatMap(({ command = [], args = [] }) => [...command, ...args]);
    const values = words.filter((word) => word.startsWith(`${flag}=`)).join();
    return values === "" || /127\.0\.0\.1|localhost|\[::1\]/.test(values);
  });
  if (local.length === 0) return [];
  const text = `${part} serves its metrics on its own node only (${listNames(local.map(({ metadata }) => metadata.name))})`;
  return [missing(text, `set ${flag} in kubeadm's ${file}; docs/metrics.md has the lines`)];
}

async function proxyFindings(api: {
  get<T>(path: string): Promise<T | undefined>;
}): Promise<Finding[]> {
  const path = "/api/v1/namespaces/kube-system/configmaps/kube-proxy";
  const map = await api.get<{ data?: Record<string, string> }>(path);
  const address = /^metricsBindAddress: *["']?([^"'\n]*)/m.exec(
    map?.data?.["config.conf"] ?? "",
  )?.[1];
  if (map === undefined) {
    const next =
      "set platform:components.monitoring.controlPlane.kubeProxy.enabled to false if the network plugin replaces it";
    return [missing("no kube-proxy of kubeadm in kube-system", next)];
  }
  if (address !== undefined && address !== "" && !/^(127\.|localhost|\[::1\])/.test(address))
    return [];
  const next = "set metricsBindAddress to 0.0.0.0:10249 in ConfigMap kube-proxy";
  return [missing("kube-proxy serves its metrics on its own node only", next)];
}
