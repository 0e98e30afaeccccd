import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { startCluster, stopCluster, type Cluster } from "../../../local/cluster";
import { nodePlaces } from "../../../local/machines/places";
import { prepareStack, type StackMachines } from "../../../local/machines/stack";
import { stackFileConfig } from "../../../config/stack-file";
import { run } from "../../../local/toolchain/run";
import { kubectl } from "../../support/rendered";
import { TestStack } from "../../support/project";

/** A pod, as far as these tests look at it. */
export interface Pod {
  metadata: { name: string; namespace: string; uid: string; labels?: Record<string, string> };
  spec: { nodeName?: string; containers: { name: string; image: string }[] };
  status: {
    phase?: string;
    podIP?: string;
    conditions?: { type: string; status: string; message?: string }[];
    containerStatuses?: { name: string; restartCount: number; ready: boolean }[];
  };
}

/** The dev stack on a cluster with one real machine and one simulated. */
export class RealStack {
  private constructor(
    readonly cluster: Cluster,
    readonly stack: TestStack,
    readonly machines: StackMachines,
  ) {}

  /** Brings it up. @param parts of the platform that are kept. @param change of its config. */
  static async start(
    name: string,
    parts: string[],
    change: (config: Record<string, unknown>) => void,
  ): Promise<RealStack> {
    const config = { ...stackFileConfig("dev") };
    change(config);
    const machines = await prepareStack("dev", config);
    const cluster = await startCluster({
      name,
      nodes: { count: 1 },
      machines: { count: 1, images: machines.index, waiting: machines.waiting },
    });
    const stack = new TestStack("real", cluster);
    const real = new RealStack(cluster, stack, machines);
    try {
      stack.edit(change);
      stack.keepParts(...parts);
      await stack.create();
      await stack.must("up");
      return real;
    } catch (error) {
      await real.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.stack.remove();
    await stopCluster(this.cluster.name);
  }

  /** Every pod on a real machine. */
  async pods(): Promise<Pod[]> {
    const text = await kubectl(this.cluster, "get", "pods", "-A", "-o", "json");
    const { items } = JSON.parse(text) as { items: Pod[] };
    return items.filter(({ spec }) => spec.nodeName?.startsWith("machine-"));
  }

  /** Returns what a pod answers to a GET, asked from its node, whose own connections no policy filters. */
  async get(pod: string, port: number, path: string): Promise<unknown> {
    const found = (await this.pods()).find(({ metadata }) => metadata.name === pod);
    if (found === undefined) throw new Error(`no pod on a real machine is named ${pod}`);
    const node = readFileSync(nodePlaces(this.cluster, found.spec.nodeName ?? "").pid, "utf8");
    const url = `http://${found.status.podIP}:${port}${path}`;
    const program = `fetch(${JSON.stringify(url)}).then((response) => response.text()).then((text) => process.stdout.write(text))`;
    return JSON.parse(
      await run("nsenter", [`--net=/proc/${node.trim()}/ns/net`, process.execPath, "-e", program]),
    );
  }

  /** Runs a command in a pod. */
  exec(namespace: string, pod: string, ...command: string[]): Promise<string> {
    return kubectl(this.cluster, "exec", "-n", namespace, pod, "--", ...command);
  }
}

export function isReady({ status }: Pod): boolean {
  const ready = status.conditions?.some((it) => it.type === "Ready" && it.status === "True");
  return ready === true || status.phase === "Succeeded";
}

/** Waits until something is so. @throws Error that says what was not so. */
export async function until(
  what: string,
  seconds: number,
  look: () => Promise<boolean>,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`${what}: not so within ${seconds} s`);
    await sleep(500);
  }
}
