import program from "../../index";
import { platformValues } from "../../config/yaml";
import { kubernetesObjects } from "../../render/objects";
import { record } from "../../render/record";
import { stackFileConfig } from "../../config/stack-file";
import { prepareImages, type PreparedImages } from "../images";
import { neededImages } from "../images/needed";
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

/**
 * Assembles the available images of a stack's pods.
 * @param config config to use instead of the stack's file.
 */
export async function prepareStack(
  stack: string,
  config: Record<string, unknown> = stackFileConfig(stack),
  report?: Report,
): Promise<StackMachines> {
  const { registrations } = await record(program, stack, config);
  const { apps = {} } = platformValues(config);
  const needed = neededImages(
    kubernetesObjects(registrations),
    apps as Parameters<typeof neededImages>[1],
  );
  const prepared = await prepareImages(needed, report);
  const has = (part: string) => Object.keys(prepared.index.exact).some((it) => it.includes(part));
  return { ...prepared, waiting: needs.filter(({ image }) => !has(image)) };
}
