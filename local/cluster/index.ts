import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { machineStatus, startMachines, stopMachines, type MachineOptions } from "../machines";
import { claimNetwork, type Network } from "../machines/network";
import { placesOf } from "../machines/places";
import { simulatedLabel } from "../machines/placement";
import { binary } from "../toolchain/install";
import { CommandFailed, run } from "../toolchain/run";
import { kwokctlConfig } from "./configuration";
import { systemDefinitions, type ClusterSystems } from "./definitions";
import { refuseLateNodes } from "./late-nodes";
import { simulatedUsage, type MetricsOptions } from "./metrics";
import { nodeList, type NodeOptions } from "./nodes";
import { reservePorts, type ClusterPorts } from "./ports";
import { clusterAt, dataFolder, partPid, simulatorPid, type Cluster } from "./paths";
import { isRunning, startProcess, stopProcess } from "./process";
import { isReady, servesMetrics } from "./readiness";
import { leavePods, slowPods } from "./stages";

export { clusterAt, type Cluster } from "./paths";

/** Options of a local cluster. */
export interface ClusterOptions extends ClusterSystems {
  /**
   * Name of the cluster; clusters with different names are independent. Default: `PLATFORM_CLUSTER`, or else
   * `platform`.
   */
  name?: string;
  nodes?: NodeOptions;
  /** Version of its control plane. Default: the version that the tests use. */
  kubernetes?: string;
  /** Whether pods, drivers and the External Secrets operator are simulated. Default: true. */
  simulate?: boolean;
  /** Runs the real metrics-server next to the control plane, and simulates the resource use of pods. Default: off. */
  metrics?: MetricsOptions;
  /** Milliseconds that simulated pods take to become ready, and to end. Default: 0. */
  podDelay?: number;
  /** Real nodes in addition to the simulated ones; they need root. Default: none. */
  machines?: MachineOptions;
  /** Additional arguments of the controller manager, without dashes. */
  controllerManager?: Record<string, string>;
}

/** Timeout for the API server, seconds. */
const readyTimeout = 240;

const components = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok-controller",
];

/** Starts or repairs a cluster. If it already runs, it is only checked. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = clusterAt(options.name);
  mkdirSync(cluster.folder, { recursive: true });
  const made = existsSync(dataFolder(cluster));
  if (options.machines !== undefined) refuseLateNodes(cluster);
  if (!made) await createWithPorts(cluster, options);
  else if (!(await isHealthy(cluster))) {
    await kwokctl(cluster, ["stop", "cluster"]).catch(ignoreStopped);
    await kwokctl(cluster, ["start", "cluster"]);
    await waitUntilReady(cluster);
  }
  if (options.metrics !== undefined) await waitForMetrics(cluster);
  const files = [nodesFile(cluster), ...systemDefinitions(cluster, options)];
  await run(binary("kubectl"), [
    ...["--kubeconfig", cluster.kubeconfig, "apply", "--server-side", "--force-conflicts"],
    ...files.flatMap((file) => ["-f", file]),
  ]);
  if (options.simulate !== false) startSimulator(cluster, options.machines);
  if (options.machines !== undefined) await startMachines(cluster, options.machines);
  return cluster;
}

/** Stops a cluster and deletes all of its files. */
export async function stopCluster(name?: string): Promise<void> {
  const cluster = clusterAt(name);
  await stopMachines(cluster);
  await stopProcess(simulatorPid(cluster));
  if (existsSync(dataFolder(cluster))) await kwokctl(cluster, ["delete", "cluster"]);
  rmSync(cluster.folder, { recursive: true, force: true });
  rmSync(cluster.kubeconfig, { force: true });
}

/** Returns whether each part of a cluster runs. */
export function clusterStatus(name?: string): Record<string, boolean> {
  const cluster = clusterAt(name);
  const parts = components.map((part) => [part, partRuns(cluster, part)]);
  return Object.fromEntries([
    ...parts,
    ["simulator", isRunning(simulatorPid(cluster))],
    ...Object.entries(machineStatus(cluster)),
  ]);
}

/** Starts the simulator of a real cluster's drivers. */
function startSimulator(cluster: Cluster, machines?: MachineOptions): void {
  const main = join(__dirname, "simulator", "main.ts");
  const gateway = Object.keys(machines?.images.exact ?? {}).some((it) => it.includes("/traefik:"));
  const args = [main, cluster.kubeconfig, placesOf(cluster).folder, gateway ? "real" : "simulated"];
  startProcess(simulatorPid(cluster), join(cluster.folder, "simulator.log"), args);
}

/** Reserves the ports of the cluster's parts until all of them listen. */
async function createWithPorts(cluster: Cluster, options: ClusterOptions): Promise<void> {
  const network = options.machines && (await claimNetwork(cluster));
  const reserved = await reservePorts();
  try {
    await create(cluster, options, reserved.ports, network);
    await waitUntilReady(cluster);
  } finally {
    await reserved.release();
  }
}

async function create(
  cluster: Cluster,
  { nodes, kubernetes, simulate = true, metrics, podDelay, controllerManager = {} }: ClusterOptions,
  ports: ClusterPorts,
  network: Network | undefined,
): Promise<void> {
  const labels = { ...simulatedLabel, ...nodes?.labels };
  writeFileSync(nodesFile(cluster), stringify(nodeList(network ? { ...nodes, labels } : nodes)));
  const config = join(cluster.folder, "kwokctl.yaml");
  const stages = podDelay === undefined ? [] : slowPods(podDelay);
  const documents = [
    kwokctlConfig(cluster, ports, metrics, controllerManager, network),
    ...(simulate ? stages : leavePods),
    ...(metrics === undefined ? [] : simulatedUsage),
  ];
  writeFileSync(config, documents.map((it) => stringify(it)).join("---\n"));
  try {
    await kwokctl(cluster, [
      "create",
      "cluster",
      ...["--runtime", "binary", "--config", config, "--kubeconfig", cluster.kubeconfig],
      ...["--etcd-binary", binary("etcd")],
      ...["kube-apiserver", "kube-controller-manager", "kube-scheduler"].flatMap((part) => [
        `--${part}-binary`,
        binary(part, kubernetes),
      ]),
      ...["--kwok-controller-binary", binary("kwok"), "--disable-qps-limits"],
    ]);
  } catch (error) {
    await kwokctl(cluster, ["delete", "cluster"]).catch(ignoreStopped);
    throw error;
  }
}

async function isHealthy(cluster: Cluster): Promise<boolean> {
  return components.every((part) => partRuns(cluster, part)) && (await isReady(cluster));
}

async function waitUntilReady(cluster: Cluster): Promise<void> {
  const end = Date.now() + readyTimeout * 1000;
  while (!(await isHealthy(cluster))) {
    // The API server does not wait for an etcd that has ended, and nothing restarts either of them.
    const ended = ["etcd", "kube-apiserver"].find((part) => !partRuns(cluster, part));
    if (ended !== undefined) {
      throw new Error(
        `The ${ended} of cluster "${cluster.name}" has ended. ${endOfLog(cluster, ended)}`,
      );
    }
    if (Date.now() > end) {
      throw new Error(
        `The API server of cluster "${cluster.name}" was not ready within ${readyTimeout} s. ${endOfLog(cluster, "kube-apiserver")}`,
      );
    }
    await startEndedParts(cluster);
    await sleep(300);
  }
}

/**
 * Restarts the parts that have ended: the controller manager gives up if the API server is not healthy within 10 s, and
 * kwokctl starts all parts at the same time. Without it, no cluster becomes ready.
 */
async function startEndedParts(cluster: Cluster, parts = components): Promise<void> {
  if (parts.every((part) => partRuns(cluster, part))) return;
  await kwokctl(cluster, ["start", "cluster"]);
}

/**
 * Waits until the API server reaches metrics-server, and starts it again each time it has ended: it ends some time after
 * its start if the API server was not ready then, and kwokctl starts both at the same time.
 */
async function waitForMetrics(cluster: Cluster): Promise<void> {
  const part = "metrics-server";
  const end = Date.now() + readyTimeout * 1000;
  while (!(partRuns(cluster, part) && (await servesMetrics(cluster)))) {
    if (Date.now() > end) {
      throw new Error(
        `The ${part} of cluster "${cluster.name}" did not respond within ${readyTimeout} s. ${endOfLog(cluster, part)}`,
      );
    }
    await startEndedParts(cluster, [part]);
    await sleep(300);
  }
}

function endOfLog(cluster: Cluster, part: string): string {
  const log = join(dataFolder(cluster), "logs", `${part}.log`);
  const tail = existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(-10).join("\n") : "";
  return `The end of ${log}:\n${tail}`;
}

function partRuns(cluster: Cluster, part: string): boolean {
  return isRunning(partPid(cluster, part));
}

function kwokctl({ name, folder }: Cluster, args: string[]): Promise<string> {
  const [verb = "", what = "", ...rest] = args;
  return run(binary("kwokctl"), [verb, what, "--name", name, ...rest], {
    env: {
      ...process.env,
      KWOK_WORKDIR: folder,
      // kwokctl calls kubectl by name.
      PATH: [dirname(binary("kubectl")), process.env.PATH].join(delimiter),
    },
  });
}

/** A partially created cluster cannot always be stopped cleanly. */
function ignoreStopped(error: unknown): void {
  if (!(error instanceof CommandFailed)) throw error;
}

function nodesFile({ folder }: Cluster): string {
  return join(folder, "nodes.yaml");
}
