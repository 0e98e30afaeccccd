import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { machineStatus, startMachines, stopMachines, type MachineOptions } from "../machines";
import { claimNetwork, presentNetwork, type Network } from "../machines/network";
import { placesOf } from "../machines/places";
import { simulatedLabel } from "../machines/placement";
import { binary } from "../toolchain/install";
import { CommandFailed, run } from "../toolchain/run";
import { kwokctlConfig } from "./configuration";
import { playedUsage, type MetricsOptions } from "./metrics";
import { nodeList, type NodeOptions } from "./nodes";
import { reservePorts, type ClusterPorts } from "./ports";
import { clusterAt, type Cluster } from "./paths";
import { isRunning, startProcess, stopProcess } from "./process";
import { leavePods, slowPods } from "./stages";

export { clusterAt, type Cluster } from "./paths";

/** One local cluster. */
export interface ClusterOptions {
  /** Name of the cluster; clusters of different names share nothing. */
  name?: string;
  nodes?: NodeOptions;
  /** Version of its control plane; the usual one without it. */
  kubernetes?: string;
  /** Whether pods and drivers are played; a test that plays them itself says no. */
  simulate?: boolean;
  /** The real metrics-server beside the control plane, and how the use of pods is played. */
  metrics?: MetricsOptions;
  /** How long simulated pods take to be ready, and to end, milliseconds; no time without it. */
  podDelay?: number;
  /** Real machines beside the simulated ones; they need root. */
  machines?: MachineOptions;
  /** Further arguments of the controller manager, without their dashes. */
  controllerManager?: Record<string, string>;
}

/** Longest wait for the API server, seconds. */
const readyTimeout = 240;

const components = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok-controller",
];

/** Brings a cluster up, or repairs it; does nothing but look when it runs already. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = clusterAt(options.name);
  mkdirSync(cluster.folder, { recursive: true });
  const made = existsSync(dataFolder(cluster));
  if (made && options.machines !== undefined && presentNetwork(cluster) === undefined) {
    throw new Error(
      `Cluster "${cluster.name}" was made without real machines, and its API server cannot reach any. ` +
        "End it and start again: npm run local:down, or npm run cluster -- stop --name <name>",
    );
  }
  if (!made) await createWithPorts(cluster, options);
  else if (!(await isHealthy(cluster))) {
    await kwokctl(cluster, ["stop", "cluster"]).catch(ignoreStopped);
    await kwokctl(cluster, ["start", "cluster"]);
    await ready(cluster);
  }
  await run(binary("kubectl"), [
    "--kubeconfig",
    cluster.kubeconfig,
    "apply",
    "--server-side",
    "--force-conflicts",
    "-f",
    nodesFile(cluster),
  ]);
  if (options.simulate !== false) startSimulator(cluster, options.machines);
  if (options.machines !== undefined) await startMachines(cluster, options.machines);
  return cluster;
}

/** Ends a cluster and takes away everything it left. */
export async function stopCluster(name?: string): Promise<void> {
  const cluster = clusterAt(name);
  await stopMachines(cluster);
  await stopProcess(simulatorPid(cluster));
  if (existsSync(dataFolder(cluster))) await kwokctl(cluster, ["delete", "cluster"]);
  rmSync(cluster.folder, { recursive: true, force: true });
  rmSync(cluster.kubeconfig, { force: true });
}

/** Each part of a cluster, and whether it runs. */
export function clusterStatus(name?: string): Record<string, boolean> {
  const cluster = clusterAt(name);
  const parts = components.map((part) => [part, partRuns(cluster, part)]);
  return Object.fromEntries([
    ...parts,
    ["simulator", isRunning(simulatorPid(cluster))],
    ...Object.entries(machineStatus(cluster)),
  ]);
}

/** Starts what plays a real cluster's drivers. */
function startSimulator(cluster: Cluster, machines?: MachineOptions): void {
  const main = join(__dirname, "simulator", "main.ts");
  const gateway = Object.keys(machines?.images.exact ?? {}).some((it) => it.includes("/traefik:"));
  const args = [main, cluster.kubeconfig, placesOf(cluster).folder, gateway ? "real" : "simulated"];
  startProcess(simulatorPid(cluster), join(cluster.folder, "simulator.log"), args);
}

function simulatorPid({ folder }: Cluster): string {
  return join(folder, "simulator.pid");
}

/** Keeps the ports of its parts until all of them listen. */
async function createWithPorts(cluster: Cluster, options: ClusterOptions): Promise<void> {
  const network = options.machines && (await claimNetwork(cluster));
  const reserved = await reservePorts();
  try {
    await create(cluster, options, reserved.ports, network);
    await ready(cluster);
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
  const played = podDelay === undefined ? [] : slowPods(podDelay);
  const documents = [
    kwokctlConfig(cluster, ports, metrics, controllerManager, network),
    ...(simulate ? played : leavePods),
    ...(metrics === undefined ? [] : playedUsage),
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
  const parts = clusterStatus(cluster.name);
  return components.every((part) => parts[part]) && (await answers(cluster));
}

async function ready(cluster: Cluster): Promise<void> {
  const end = Date.now() + readyTimeout * 1000;
  while (!(await answers(cluster))) {
    // The API server waits for no etcd that has ended, nor does anything start either of them again.
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
    await sleep(300);
  }
}

function endOfLog(cluster: Cluster, part: string): string {
  const log = join(dataFolder(cluster), "logs", `${part}.log`);
  const tail = existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(-10).join("\n") : "";
  return `The end of ${log}:\n${tail}`;
}

function partRuns(cluster: Cluster, part: string): boolean {
  return isRunning(join(dataFolder(cluster), "pids", `${part}.pid`));
}

async function answers({ kubeconfig }: Cluster): Promise<boolean> {
  const arguments_ = ["--kubeconfig", kubeconfig, "--request-timeout", "3s", "get", "--raw"];
  try {
    await run(binary("kubectl"), [...arguments_, "/readyz"]);
    // Namespaces get this account a moment later than the server is ready; pods cannot start before.
    await run(binary("kubectl"), [
      ...arguments_,
      "/api/v1/namespaces/default/serviceaccounts/default",
    ]);
    return true;
  } catch {
    return false;
  }
}

function kwokctl({ name, folder }: Cluster, args: string[]): Promise<string> {
  const [verb = "", what = "", ...rest] = args;
  return run(binary("kwokctl"), [verb, what, "--name", name, ...rest], {
    env: {
      ...process.env,
      KWOK_WORKDIR: folder,
      // It runs kubectl by its name.
      PATH: [dirname(binary("kubectl")), process.env.PATH].join(delimiter),
    },
  });
}

/** A cluster that is half there cannot always be stopped in order. */
function ignoreStopped(error: unknown): void {
  if (!(error instanceof CommandFailed)) throw error;
}

function dataFolder({ folder, name }: Cluster): string {
  return join(folder, "clusters", name);
}

function nodesFile({ folder }: Cluster): string {
  return join(folder, "nodes.yaml");
}
