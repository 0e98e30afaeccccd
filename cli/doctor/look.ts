import type { StackConfig } from "../../config";
import type { KubernetesObject } from "../../render/objects";
import type { DoctorApi } from "./api";
import type { Finding } from "./finding";

/** The fields of a node that the checks read. */
export interface Node {
  metadata: { name: string; labels?: Record<string, string> };
  spec?: { taints?: { key: string; effect: string }[]; unschedulable?: boolean };
  status?: {
    allocatable?: Record<string, string>;
    addresses?: { type: string; address: string }[];
    daemonEndpoints?: { kubeletEndpoint?: { Port?: number } };
    nodeInfo?: Record<string, string>;
  };
}

/** The fields of a pod's spec that the checks read. */
export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  nodeSelector?: Record<string, string>;
  volumes?: { hostPath?: object }[];
}

/** The fields of a container that the checks read. */
export interface Container {
  name?: string;
  command?: string[];
  args?: string[];
  resources?: { requests?: Record<string, string> };
}

/** A pod of the cluster. */
export interface Pod {
  metadata: { name: string; namespace: string; labels?: Record<string, string> };
  spec: PodSpec;
  status?: { phase?: string };
}

/** Input of the checks: a stack and the cluster that it names. */
export interface CheckInput {
  api: DoctorApi;
  config: StackConfig;
  /** Every object that the stack declares. */
  objects: readonly KubernetesObject[];
  nodes: readonly Node[];
  pods: readonly Pod[];
  /** Returns the current time of this computer. */
  now: () => Date;
}

/** Checks one aspect of the cluster. */
export type Check = (look: CheckInput) => Promise<Finding[]> | Finding[];

/** Findings of one check. */
export function findings(check: string) {
  return {
    ok: (text: string): Finding => ({ check, level: "ok", text }),
    missing: (text: string, next: string): Finding => ({ check, level: "missing", text, next }),
    warning: (text: string, next: string): Finding => ({ check, level: "warning", text, next }),
    unknown: (text: string, next: string): Finding => ({ check, level: "unknown", text, next }),
  };
}

/** Returns names for a sentence: of a long list, only the first ones and the number of the others. */
export function listNames(names: readonly string[]): string {
  const unique = [...new Set(names)].sort();
  const more = unique.length - 5;
  return more > 0 ? `${unique.slice(0, 5).join(", ")} and ${more} more` : unique.join(", ");
}
