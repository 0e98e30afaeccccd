import program from "../../index";
import { platformValues } from "../../config/yaml";
import { at, kubernetesObjects, type KubernetesObject } from "../../render/objects";
import { record } from "../../render/record";
import { stackFileConfig } from "../../config/stack-file";
import { prepareImages, type PreparedImages } from "../images";
import { replacedWorkers } from "../images/catalogue/workers";
import { neededImages } from "../images/needed";
import { imageNamed, type ImageName } from "../../versions/images";
import type { Report } from "../toolchain/install";
import type { Waiting } from "./placement";

/** Jobs that would retry forever, by the image of the system that they configure. */
const needs: readonly (Waiting & { image: string })[] = [
  { namespace: "registry", pods: "harbor-bootstrap-", image: "/harbor-core:" },
  { namespace: "artifacts", pods: "nexus-bootstrap-", image: "/nexus3:" },
  { namespace: "logging", pods: "logging-bootstrap-", image: "/elasticsearch:" },
  { namespace: "logging", pods: "logging-views-", image: "/kibana:" },
  { namespace: "logging", pods: "kafka-topics-", image: "/kafka:" },
];

/** What the real nodes of a stack can run. */
export interface StackMachines extends PreparedImages {
  waiting: readonly Waiting[];
}

/** Options of {@link prepareStack}. */
export interface PrepareOptions {
  /** Config to use instead of the stack's file. */
  config?: Record<string, unknown>;
  /** Systems whose pods are simulated even though their images are available. Default: none. */
  simulated?: readonly ImageName[];
  report?: Report;
}

/** Assembles the available images of a stack's pods. */
export async function prepareStack(
  stack: string,
  { config = stackFileConfig(stack), simulated = [], report }: PrepareOptions = {},
): Promise<StackMachines> {
  const { registrations } = await record(program, stack, config);
  const { apps = {} } = platformValues(config);
  const objects = kubernetesObjects(registrations);
  const needed = neededImages(objects, apps as Parameters<typeof neededImages>[1]);
  const isReal = (reference: string) => !simulated.some((name) => name === imageNamed(reference));
  const platform = needed.platform.filter(isReal);
  const prepared = await prepareImages({ ...needed, platform }, report);
  for (const reference of needed.platform.filter((it) => !isReal(it))) {
    prepared.missing[reference] = "left out of this cluster";
  }
  const has = (part: string) => Object.keys(prepared.index.exact).some((it) => it.includes(part));
  const replaced = Object.values(needed.apps).flatMap(replacedWorkers);
  const workers = workersOf(objects, new Set(replaced.map(({ name }) => name)));
  return { ...prepared, waiting: [...needs.filter(({ image }) => !has(image)), ...workers] };
}

/**
 * Returns the workers among a stack's apps that have no placeholder which keeps running. Placeholders of
 * other programs exit immediately, like migrations and CronJobs, and would restart endlessly as workers.
 * @param replaced names of the workers that have one.
 */
export function workersOf(
  objects: readonly KubernetesObject[],
  replaced: ReadonlySet<string>,
): Waiting[] {
  const found = objects.flatMap((object) => {
    const labels = (at(object, "spec.template.metadata.labels") ?? {}) as Record<string, string>;
    if (labels["platform/kind"] !== "worker") return [];
    const name = labels["app.kubernetes.io/name"] ?? "";
    if (replaced.has(name)) return [];
    const { namespace = "" } = object.metadata;
    return [{ namespace, pods: `${name}-` }];
  });
  return [...new Map(found.map((it) => [`${it.namespace}/${it.pods}`, it])).values()];
}
