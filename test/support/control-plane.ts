import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Cluster } from "../../local/cluster";
import { ended } from "./kill-tree";

/** Where one part of a local control plane gives its metrics. */
export interface MetricsAddress {
  /** `127.0.0.1:<port>`. */
  host: string;
  scheme: "http" | "https";
}

/** One part of a local control plane, as kwokctl wrote it down. */
interface Component {
  name: string;
  metric?: MetricsAddress;
  binary: string;
  args: string[];
  workDir: string;
}

/** Where the parts of a local cluster's control plane give their metrics. */
export function metricsAddresses(cluster: Cluster): Record<string, MetricsAddress> {
  return Object.fromEntries(
    components(cluster).flatMap(({ name, metric }) =>
      metric === undefined ? [] : [[name, metric]],
    ),
  );
}

const apiServer = "kube-apiserver";

/**
 * Kills a cluster's API server, by its id, and starts it again as kwokctl would: kwokctl itself starts
 * all parts or none. It does not wait until the server answers.
 */
export async function restartApiServer(cluster: Cluster): Promise<void> {
  await killApiServer(cluster);
  start(cluster);
}

/** Ends a cluster's API server at once, as a machine does that is switched off. */
export async function killApiServer(cluster: Cluster): Promise<void> {
  const id = Number(readFileSync(pidFile(cluster), "utf8"));
  process.kill(id, "SIGKILL");
  await ended([id]);
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
  writeFileSync(pidFile(cluster), String(child.pid));
}

function pidFile(cluster: Cluster): string {
  return join(dataFolder(cluster), "pids", `${apiServer}.pid`);
}

function components(cluster: Cluster): Component[] {
  const documents = parseAllDocuments(
    readFileSync(join(dataFolder(cluster), "kwok.yaml"), "utf8"),
  ).map((document) => document.toJS() as { components?: Component[] } | null);
  return documents.flatMap((document) => document?.components ?? []);
}

function dataFolder({ folder, name }: Cluster): string {
  return join(folder, "clusters", name);
}
