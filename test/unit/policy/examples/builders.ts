import { type KubernetesObject } from "../../../../render/objects";
import { container, workload } from "../objects";

/** What a rule accepts, and its findings for everything else. */
export interface Examples {
  passes: KubernetesObject[][];
  fails: [objects: KubernetesObject[], finding: string][];
}

export const image = (name: string) => [workload({ containers: [container({ image: name })] })];

export const withContainer = (fields: Record<string, unknown>) => [
  workload({ containers: [container(fields)] }),
];

export const shop = "Deployment commerce-dev/shop";
