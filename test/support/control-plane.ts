import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Cluster } from "../../local/cluster";
import { dataFolder, partPid } from "../../local/cluster/paths";
import { waitForEnd } from "./kill-tree";

/** Address of the metrics of a part of a local control plane. */
export interface MetricsAddress {
  /** `127.0.0.1:<port>`. */
  host: string;
  scheme: "http" | "https";
}

/** A part of a local control plane in kwokctl's record. */
interface Component {
  name: string;
  metric?: MetricsAddress;
  binary: string;
  args: string[];
  workDir: string;
}

/** Returns the metrics addresses of all parts of a local cluster's control plane. */
export function metricsAddresses(cluster: Cluster): Record<string, MetricsAddress> {
  return Object.fromEntries(
    components(cluster).flatMap(({ name, metric }) =>
      metric === undefined ? [] : [[name, metric]],
    ),
  );
}

const apiServer = "kube-apiserver";

/**
 * Kills a cluster's API server, by its process ID, and restarts it like kwokctl, which itself can only start all parts
 * or none. It does not wait until the server responds.
 */
export async function restartApiServer(cluster: Cluster): Promise<void> {
  await killApiServer(cluster);
  start(cluster);
}

/** Kills a cluster's API server, like a power failure. */
export async function killApiServer(cluster: Cluster): Promise<void> {
  const id = Number(readFileSync(partPid(cluster, apiServer), "utf8"));
  process.kill(id, "SIGKILL");
  await waitForEnd([id]);
}

function start(cluster: Cluster): void {
  const component = components(cluster).find(({ name }) => name === apiServer);
  if (component === undefined) throw new Error(`kwokctl knows no ${apiServer}`);
  const log = openSync(join(dataFolder(cluster), "logs", `${apiServer}.log`), "a");
  const child = spawn(component.binary, component.args, {
    cwd: component.workDir,
    detached: true,
    stdio: ["ignore", log, log],
  });
  child.unref();
  closeSync(log);
  writeFileSync(partPid(cluster, apiServer), String(child.pid));
}

function components(cluster: Cluster): Component[] {
  const documents = parseAllDocuments(
    readFileSync(join(dataFolder(cluster), "kwok.yaml"), "utf8"),
  ).map((document) => document.toJS() as { components?: Component[] } | null);
  return documents.flatMap((document) => document?.components ?? []);
}
