import program from "../../../index";
import { InvalidConfig, parseStack } from "../../../config";
import { kubernetesObjects, titleOf, type KubernetesObject } from "../../../render/objects";
import { record } from "../../../render/record";
import type { Values } from "./base";

const stack = "fuzz";

/** Record of the platform stack of a stack with apps only. */
const platform = {
  environment: "dev",
  gateway: { name: "gateway", namespace: "gateway" },
  scheme: "http",
  namespaces: { commerce: "commerce-dev" },
  pullSecrets: {},
  podSecurity: { commerce: "restricted" },
};

/**
 * Returns the keys of a config's errors; empty if it is valid.
 * @throws any other error.
 */
export function refusals(values: Values): string[] {
  try {
    parseStack(stack, values);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidConfig) || error.errors.length === 0) throw error;
    return error.errors.map(({ key }) => key);
  }
}

/** Returns the Kubernetes objects of a config. */
export async function declareObjects(values: Values): Promise<KubernetesObject[]> {
  const config = Object.entries(values).map(([key, value]) => [`platform:${key}`, value]);
  const world = { stackOutputs: { "organization/platform/base": { platform } } };
  const all = Object.fromEntries(config) as Record<string, unknown>;
  return kubernetesObjects((await record(program, stack, all, world)).registrations);
}

/**
 * Returns conflicts that a dry run cannot detect: two objects with the same name, or two Services with the same node
 * port.
 */
export function clashes(objects: readonly KubernetesObject[]): string[] {
  const found: string[] = [];
  const owners = new Map<string, string>();
  const claim = (what: string, owner: string) => {
    if (owners.has(what)) found.push(`${owner}: ${what} is that of ${owners.get(what) ?? ""}`);
    else owners.set(what, owner);
  };
  for (const object of objects) {
    claim(`the name ${object.apiVersion} ${titleOf(object)}`, titleOf(object));
    const { ports = [] } = (object["spec"] ?? {}) as { ports?: { nodePort?: number }[] };
    if (object.kind !== "Service") continue;
    for (const { nodePort } of ports) {
      if (nodePort !== undefined) claim(`node port ${nodePort}`, titleOf(object));
    }
  }
  return found;
}
