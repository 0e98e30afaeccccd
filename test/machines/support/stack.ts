import { readFileSync } from "node:fs";
import {
  startCluster,
  stopCluster,
  type Cluster,
  type ClusterOptions,
} from "../../../local/cluster";
import { partRows, partTable } from "../../../local/commands/table";
import { differences } from "../../../local/commands/machines";
import type { Assembled } from "../../../local/images/facts";
import { assemble } from "../../../local/images/store";
import { nodeAddresses, presentNetwork } from "../../../local/machines/network";
import { nodePlaces } from "../../../local/machines/places";
import { prepareStack, type StackMachines } from "../../../local/machines/stack";
import { stackFileConfig } from "../../../config/stack-file";
import { run } from "../../../local/toolchain/run";
import { kubectl } from "../../support/rendered";
import { imageReference, images, type ImageName } from "../../../versions/images";
import { keepParts } from "../../support/dev-stack";
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

/** What a test's cluster has besides one real node and the images that can be had. */
export interface RealOptions {
  /** Number of real nodes. Default: 1. */
  machines?: number;
  /** Number of simulated nodes. Default: 1. */
  nodes?: number;
  /** Systems that are simulated even though they could run, because a test is not about them. Default: none. */
  simulated?: readonly ImageName[];
  /** Programs that replace systems that are in no registry, by image name. Default: none. */
  standIns?: Partial<Record<ImageName, Assembled & { differs: string }>>;
}

/** The dev stack on a cluster with real machines and a simulated one. */
export class RealStack {
  private constructor(
    readonly cluster: Cluster,
    readonly stack: TestStack,
    readonly machines: StackMachines,
    private readonly options: ClusterOptions,
  ) {}

  /** Brings it up. @param parts of the platform that are kept. @param change of its config. */
  static async start(
    name: string,
    parts: string[],
    change: (config: Record<string, unknown>) => void,
    { machines: count = 1, nodes = 1, simulated, standIns = {} }: RealOptions = {},
  ): Promise<RealStack> {
    const config = { ...stackFileConfig("dev") };
    change(config);
    keepParts(config, parts);
    const machines = await prepareStack("dev", { config, simulated });
    await useStandIns(machines, standIns);
    const { index, waiting } = machines;
    const options = { name, nodes: { count: nodes }, machines: { count, images: index, waiting } };
    const cluster = await startCluster(options);
    const stack = new TestStack(name, cluster);
    const real = new RealStack(cluster, stack, machines, options);
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

  /** Prints what ran and what was simulated, and why, and removes everything. */
  async stop(): Promise<void> {
    try {
      const rows = await partRows(this.cluster, this.machines.standIns);
      console.log(`${partTable(rows, {})}\n${differences(this.machines)}`);
    } finally {
      this.stack.remove();
      await stopCluster(this.cluster.name);
    }
  }

  /** Starts the nodes that do not run, with the disks that they had. */
  async startNodes(): Promise<void> {
    await startCluster(this.options);
  }

  /** Returns the address of a node. */
  addressOf(node: string): string {
    const network = presentNetwork(this.cluster);
    if (network === undefined) throw new Error(`cluster ${this.cluster.name} has no real nodes`);
    return nodeAddresses(network, Number(node.replace(/^machine-/, ""))).node;
  }

  /** Returns the process ID of a node's first process. */
  firstProcess(node: string): number {
    return Number(readFileSync(nodePlaces(this.cluster, node).pid, "utf8"));
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
    const node = this.firstProcess(found.spec.nodeName ?? "");
    const url = `http://${found.status.podIP}:${port}${path}`;
    const program = `fetch(${JSON.stringify(url)}).then((response) => response.text()).then((text) => process.stdout.write(text))`;
    return JSON.parse(
      await run("nsenter", [`--net=/proc/${node}/ns/net`, process.execPath, "-e", program]),
    );
  }

  /** Runs a command in a pod. */
  exec(namespace: string, pod: string, ...command: string[]): Promise<string> {
    return kubectl(this.cluster, "exec", "-n", namespace, pod, "--", ...command);
  }
}

async function useStandIns(
  machines: StackMachines,
  standIns: NonNullable<RealOptions["standIns"]>,
): Promise<void> {
  for (const [name, image] of Object.entries(standIns)) {
    const reference = imageReference(images[name as ImageName], { digests: "ignored" });
    if (machines.missing[reference] === undefined) {
      throw new Error(`${reference}: expected an image that is missing`);
    }
    machines.index.exact[reference] = await assemble(image);
    delete machines.missing[reference];
    machines.differs[reference] = image.differs;
    machines.standIns.push(reference);
  }
}

export function isReady({ status }: Pod): boolean {
  const ready = status.conditions?.some((it) => it.type === "Ready" && it.status === "True");
  return ready === true || status.phase === "Succeeded";
}
