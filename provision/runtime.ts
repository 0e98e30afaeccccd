import type { KubernetesVersion } from "../versions/kubernetes";
import { pauseTags } from "../versions/machines";
import { places } from "./paths";
import type { PlanFile } from "./plan-file";
import type { Cluster } from "./read";
import type { Machine } from "./schema/machines";
import { minorOf } from "./schema/version";

/** Returns containerd's files: its config, the mirrors, and the company's certificate authorities. */
export function runtimeFiles(cluster: Cluster, machine: Machine): PlanFile[] {
  const { authorities } = cluster;
  return [
    { path: "/etc/containerd/config.toml", text: config(cluster, machine) },
    ...mirrorFiles(cluster),
    ...(authorities === undefined ? [] : [{ path: places.authorities, text: authorities }]),
  ];
}

function config({ images, version }: Cluster, machine: Machine): string {
  const tag = pauseTags[minorOf(machine.version ?? version) as KubernetesVersion];
  return `version = 3

[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = ${toml(`${images.repository}/pause:${tag}`)}

[plugins."io.containerd.cri.v1.images".registry]
  config_path = ${toml(places.certificates)}

[plugins."io.containerd.cri.v1.runtime".containerd]
  default_runtime_name = "runc"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
  SystemdCgroup = true
`;
}

/** Returns one file for each registry with mirrors. containerd reads it at each pull. */
function mirrorFiles({ runtime, authorities }: Cluster): PlanFile[] {
  return Object.entries(runtime.mirrors).map(([registry, mirrors]) => {
    const [first = ""] = mirrors;
    // Without `server`, containerd asks the registry of the image after its mirrors.
    const server = runtime.mirrorsOnly ? [`server = ${toml(first)}`, ""] : origin(registry);
    const hosts = mirrors.map((address) => host(address, authorities !== undefined));
    return {
      path: `${places.certificates}/${registry}/hosts.toml`,
      text: [...server, hosts.join("\n")].join("\n"),
    };
  });
}

function origin(registry: string): string[] {
  if (registry === "_default") return [];
  const name = registry === "docker.io" ? "registry-1.docker.io" : registry;
  return [`server = ${toml(`https://${name}`)}`, ""];
}

function host(address: string, hasAuthorities: boolean): string {
  // A path, as in Harbor's proxy projects, replaces /v2.
  const hasPath = new URL(address).pathname !== "/";
  const isEncrypted = address.startsWith("https:");
  return [
    `[host.${toml(address)}]`,
    '  capabilities = ["pull", "resolve"]',
    ...(hasPath ? ["  override_path = true"] : []),
    ...(hasAuthorities && isEncrypted ? [`  ca = ${toml(places.authorities)}`] : []),
    "",
  ].join("\n");
}

/** Returns a basic string of TOML, which has the same syntax as in JSON. */
function toml(text: string): string {
  return JSON.stringify(text);
}
