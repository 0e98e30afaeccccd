import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { binary } from "../toolchain/install";
import { localFolder } from "../toolchain/paths";
import { CommandFailed, run } from "../toolchain/run";
import { metricsServerOptions, playedUsage, quickAutoscaler, type MetricsOptions } from "./metrics";
import { nodeList, type NodeOptions } from "./nodes";
import { isRunning, startSimulator, stopSimulator } from "./process";
import { leavePods, slowPods } from "./stages";

/** One local cluster. */
export interface ClusterOptions {
  /** Name of the cluster; clusters of different names share nothing. */
  name?: string;
  nodes?: NodeOptions;
  /** Whether pods and drivers are played; a test that plays them itself says no. */
  simulate?: boolean;
  /** The real metrics-server beside the control plane, and how the use of pods is played. */
  metrics?: MetricsOptions;
  /** How long simulated pods take to be ready, and to end, milliseconds; no time without it. */
  podDelay?: number;
  /** Further arguments of the controller manager, without their dashes. */
  controllerManager?: Record<string, string>;
}

/** How to reach a local cluster. */
export interface Cluster {
  name: string;
  kubeconfig: string;
  context: string;
  /** Folder of its data and logs. */
  folder: string;
}

/** Addresses of Services: enough for thousands, where the default has room for 250. */
const serviceRange = "10.96.0.0/16";

/**
 * How long nobody else may play a node whose player is gone; kwok takes it times 5, its heartbeat factor.
 * That is 20 s in the place of 200, so that pods soon start again where the machine was off.
 */
const nodeLeaseDurationSeconds = 4;

/** Longest wait for the API server, seconds. */
const readyTimeout = 240;

const components = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok-controller",
];

/** Where a cluster is, whether it runs or not. */
export function clusterAt(name = process.env.PLATFORM_CLUSTER ?? "platform"): Cluster {
  const folder = join(localFolder, "clusters", name);
  const isDefault = name === "platform";
  return {
    name,
    folder,
    kubeconfig: isDefault ? join(localFolder, "kubeconfig") : join(folder, "kubeconfig"),
    context: `kwok-${name}`,
  };
}

/** Brings a cluster up, or repairs it; does nothing but look when it runs already. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = clusterAt(options.name);
  mkdirSync(cluster.folder, { recursive: true });
  if (!existsSync(dataFolder(cluster))) await create(cluster, options);
  else if (!(await isHealthy(cluster))) {
    await kwokctl(cluster, ["stop", "cluster"]).catch(ignoreStopped);
    await kwokctl(cluster, ["start", "cluster"]);
  }
  await ready(cluster);
  await run(binary("kubectl"), [
    "--kubeconfig",
    cluster.kubeconfig,
    "apply",
    "--server-side",
    "--force-conflicts",
    "-f",
    nodesFile(cluster),
  ]);
  if (options.simulate !== false) await startSimulator(cluster);
  return cluster;
}

/** Ends a cluster and takes away everything it left. */
export async function stopCluster(name?: string): Promise<void> {
  const cluster = clusterAt(name);
  await stopSimulator(cluster);
  if (existsSync(dataFolder(cluster))) await kwokctl(cluster, ["delete", "cluster"]);
  rmSync(cluster.folder, { recursive: true, force: true });
  rmSync(cluster.kubeconfig, { force: true });
}

/** Each part of a cluster, and whether it runs. */
export function clusterStatus(name?: string): Record<string, boolean> {
  const cluster = clusterAt(name);
  const parts = components.map((part) => [
    part,
    isRunning(join(dataFolder(cluster), "pids", `${part}.pid`)),
  ]);
  return Object.fromEntries([
    ...parts,
    ["simulator", isRunning(join(cluster.folder, "simulator.pid"))],
  ]);
}

async function create(
  cluster: Cluster,
  { nodes, simulate = true, metrics, podDelay, controllerManager = {} }: ClusterOptions,
): Promise<void> {
  writeFileSync(nodesFile(cluster), stringify(nodeList(nodes)));
  const config = join(cluster.folder, "kwokctl.yaml");
  const played = podDelay === undefined ? [] : slowPods(podDelay);
  const documents = [
    kwokctlConfig(cluster, metrics, controllerManager),
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
        binary(part),
      ]),
      ...["--kwok-controller-binary", binary("kwok"), "--disable-qps-limits"],
    ]);
  } catch (error) {
    await kwokctl(cluster, ["delete", "cluster"]).catch(ignoreStopped);
    throw error;
  }
}

function kwokctlConfig(
  { folder }: Cluster,
  metrics: MetricsOptions | undefined,
  controllerManager: Record<string, string>,
): object {
  const argument = (key: string, value: string) => ({ key, value });
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      bindAddress: "127.0.0.1",
      nodeLeaseDurationSeconds,
      ...metricsServerOptions(metrics, folder),
    },
    componentsPatches: [
      {
        name: "kube-apiserver",
        extraArgs: [
          argument("service-cluster-ip-range", serviceRange),
          argument("anonymous-auth", "false"),
        ],
      },
      {
        name: "kube-controller-manager",
        extraArgs: Object.entries({
          ...(metrics === undefined ? {} : quickAutoscaler),
          ...controllerManager,
        }).map(([key, value]) => argument(key, value)),
      },
    ],
  };
}

async function isHealthy(cluster: Cluster): Promise<boolean> {
  const parts = clusterStatus(cluster.name);
  return components.every((part) => parts[part]) && (await answers(cluster));
}

async function ready(cluster: Cluster): Promise<void> {
  const end = Date.now() + readyTimeout * 1000;
  while (!(await answers(cluster))) {
    if (Date.now() > end) {
      const log = join(dataFolder(cluster), "logs", "kube-apiserver.log");
      const tail = existsSync(log)
        ? readFileSync(log, "utf8").split("\n").slice(-10).join("\n")
        : "";
      throw new Error(
        `The API server of cluster "${cluster.name}" was not ready within ${readyTimeout} s. The end of ${log}:\n${tail}`,
      );
    }
    await sleep(300);
  }
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
