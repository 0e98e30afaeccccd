import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crdFile } from "../toolchain/crds";
import type { Cluster } from "./paths";
import { simulatedSystem } from "./simulator/definitions";

const scaledObject = "scaledobjects.keda.sh";

interface Definition {
  metadata: { name: string; labels?: Record<string, string> };
}

/** Optional systems of a local cluster. */
export interface ClusterSystems {
  /** Whether the cluster has a simulated KEDA. Without it, a stack can install KEDA. Default: false. */
  keda?: boolean;
  /**
   * Whether the cluster has the CRDs of the Gateway API and Traefik, which a stack then omits. Default:
   * false.
   */
  gatewayCrds?: boolean;
}

/**
 * Returns the files with the definitions of the cluster's own systems; the parts of the platform declare their own
 * definitions.
 */
export function systemDefinitions(
  { folder }: Cluster,
  { keda, gatewayCrds }: ClusterSystems,
): string[] {
  return [
    crdFile("external-secrets"),
    ...(gatewayCrds ? [crdFile("gateway-api"), crdFile("traefik")] : []),
    ...(keda ? [simulatedKeda(folder)] : []),
  ];
}

/** Writes the definition of KEDA with the label by which the simulator finds it, and returns its file. */
function simulatedKeda(folder: string): string {
  const { items } = JSON.parse(readFileSync(crdFile("keda"), "utf8")) as { items: Definition[] };
  const definition = items.find(({ metadata }) => metadata.name === scaledObject);
  if (definition === undefined)
    throw new Error(`${crdFile("keda")} does not define ${scaledObject}`);
  const { metadata } = definition;
  const labels = { ...metadata.labels, ...simulatedSystem };
  const file = join(folder, "scaledobjects.json");
  writeFileSync(file, JSON.stringify({ ...definition, metadata: { ...metadata, labels } }));
  return file;
}
