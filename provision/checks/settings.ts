import { expected, show, type ConfigError } from "../../config/errors";
import { lookup } from "../../config/lookup";
import type { ClusterFile } from "../schema";
import { kernelSettings } from "../system";

/** Returns errors of the settings that all machines share. */
export function settingErrors(cluster: ClusterFile): ConfigError[] {
  return [...mirrors(cluster), ...sysctls(cluster), ...exemptions(cluster)];
}

function mirrors({ runtime }: ClusterFile): ConfigError[] {
  if (!runtime.mirrorsOnly || Object.keys(runtime.mirrors).length > 0) return [];
  const message = expected(
    "mirrors next to runtime.mirrorsOnly",
    "none",
    "no image could be pulled",
  );
  return [{ key: "runtime.mirrors", message }];
}

/** Settings that the kubelet and the network need must not be changed. */
function sysctls(cluster: ClusterFile): ConfigError[] {
  const needed = kernelSettings({ ...cluster, sysctls: {} });
  return Object.entries(cluster.sysctls).flatMap(([name, value]) => {
    const fixed = lookup(needed, name.replaceAll("/", "."));
    if (fixed === undefined || String(fixed) === String(value)) return [];
    const message = expected(`${fixed}, which Kubernetes needs`, show(value), "remove it");
    return [{ key: `sysctls[${show(name)}]`, message }];
  });
}

/** The static pods of the control plane use the machine's network and files. */
function exemptions({ admission }: ClusterFile): ConfigError[] {
  const { exempt, enforce } = admission.podSecurity;
  if (enforce === "privileged" || exempt.includes("kube-system")) return [];
  const message = expected(
    "a list with kube-system",
    show(exempt),
    "its pods need the machines' network",
  );
  return [{ key: "admission.podSecurity.exempt", message }];
}
