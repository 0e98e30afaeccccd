import { ProgramError } from "../../config";
import { capacity } from "./checks/capacity";
import { controlPlane } from "./checks/control-plane";
import { kubeletCertificates } from "./checks/kubelets";
import { networkPolicies, nodeLocalDns } from "./checks/network";
import { nodes } from "./checks/nodes";
import { definitions, namespaces, ranges } from "./checks/owners";
import { rights } from "./checks/rights";
import { storage } from "./checks/storage";
import { clock, versions } from "./checks/versions";
import type { Finding } from "./finding";
import type { Check, CheckInput, Node, Pod } from "./look";

/** Every check, by its name. */
const checks: Record<string, Check> = {
  versions,
  clock,
  nodes,
  capacity,
  storage,
  "network policies": networkPolicies,
  "DNS cache": nodeLocalDns,
  "kubelet certificates": kubeletCertificates,
  "control plane metrics": controlPlane,
  definitions,
  namespaces,
  "limit ranges and quotas": ranges,
  rights,
};

/** Runs all checks. A check that lacks rights is unknown; the others continue. */
export async function examine(about: Omit<CheckInput, "nodes" | "pods">): Promise<Finding[]> {
  const { api } = about;
  // Fails here if the API server does not answer at all.
  await api.ask("GET", "/version");
  const [allNodes, pods] = await Promise.all([
    readable(() => api.list<Node>("/api/v1/nodes")),
    readable(() => api.list<Pod>("/api/v1/pods")),
  ]);
  const unreadable = [allNodes, pods].find((it) => it instanceof ProgramError);
  const input = {
    ...about,
    nodes: allNodes instanceof ProgramError ? [] : allNodes,
    pods: pods instanceof ProgramError ? [] : pods,
  };
  const found: Finding[] = [];
  for (const [check, run] of Object.entries(checks)) {
    const needsLists = ["nodes", "capacity", "control plane metrics"].includes(check);
    const result =
      needsLists && unreadable instanceof ProgramError
        ? unreadable
        : await readable(async () => run(input));
    found.push(...(result instanceof ProgramError ? [unknown(check, result)] : result));
  }
  return found;
}

function unknown(check: string, { message }: ProgramError): Finding {
  return { check, level: "unknown", text: message, next: "use a user with the rights to read it" };
}

async function readable<T>(work: () => Promise<T>): Promise<T | ProgramError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProgramError) return error;
    throw error;
  }
}
