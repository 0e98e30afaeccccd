import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crdFile } from "../toolchain/crds";
import type { Cluster } from "./paths";
import { simulatedSystem } from "./simulator/definitions";

const scaledObject = "scaledobjects.keda.sh";

interface Definition {
  metadata: { name: string; labels?: Record<string, string> };
}

/**
 * Returns the files with the definitions of systems that a cluster brings; the parts of the platform declare their own.
 * @param keda whether it brings KEDA. Its definition gets a label, with which the simulator finds it.
 */
export function broughtDefinitions({ folder }: Cluster, keda: boolean): string[] {
  if (!keda) return [crdFile("external-secrets")];
  const { items } = JSON.parse(readFileSync(crdFile("keda"), "utf8")) as { items: Definition[] };
  const definition = items.find(({ metadata }) => metadata.name === scaledObject);
  if (definition === undefined)
    throw new Error(`${crdFile("keda")} does not define ${scaledObject}`);
  const { metadata } = definition;
  const labels = { ...metadata.labels, ...simulatedSystem };
  const file = join(folder, "scaledobjects.json");
  writeFileSync(file, JSON.stringify({ ...definition, metadata: { ...metadata, labels } }));
  return [crdFile("external-secrets"), file];
}
