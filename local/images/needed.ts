import { podTemplateOf } from "../../config/pod-template";
import type { NeededImages } from ".";
import type { NeededApp, NeededWorker } from "./facts";

interface Container {
  image?: string;
  command?: string[];
}

interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
}

/** An app in a stack's config. */
interface App extends Omit<NeededApp, "programs" | "workers"> {
  image?: string;
  kind?: string;
  command?: string[];
  metrics?: { port?: number };
}

/** Returns the images that the pods of a stack need. */
export function neededImages(
  objects: readonly object[],
  apps: Readonly<Record<string, App>>,
): NeededImages {
  const own = new Map<string, NeededApp>();
  for (const [name, app] of Object.entries(apps)) {
    const { image, preset, port, protocol } = app;
    if (image === undefined) continue;
    const before = own.get(image);
    const workers = [...(before?.workers ?? []), ...workerOf(name, app)];
    own.set(image, {
      programs: [],
      // Apps can share an image, such as a worker that has neither preset nor port.
      ...before,
      ...(workers.length > 0 && { workers }),
      ...(preset !== undefined && { preset }),
      ...(port !== undefined && { port }),
      ...(protocol !== undefined && { protocol }),
    });
  }
  const platform = new Set<string>();
  for (const { image, command = [] } of objects.flatMap(containersOf)) {
    if (image === undefined) continue;
    const app = own.get(image.slice(0, image.lastIndexOf(":")));
    const [program = ""] = command;
    if (app === undefined) platform.add(image);
    else if (program.startsWith("/")) app.programs = [...new Set([...app.programs, program])];
  }
  return { platform: [...platform].sort(), apps: Object.fromEntries(own) };
}

function workerOf(name: string, { kind, command, metrics }: App): NeededWorker[] {
  if (kind !== "worker" || command?.[0]?.startsWith("/") !== true) return [];
  const metricsPort = metrics?.port;
  return [{ name, command, ...(metricsPort !== undefined && { metricsPort }) }];
}

function containersOf(object: object): Container[] {
  const pod = podTemplateOf(object)?.["spec"] as PodSpec | undefined;
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
}
