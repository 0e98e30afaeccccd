import { clusterAt, clusterStatus } from "../cluster";
import { exitCodes } from "./exit-codes";

/** Exit codes of the commands that show whether a local cluster runs. */
export const statusExitCodes = {
  0: "every part of the cluster runs",
  1: "there is no such cluster, or not every part runs",
};

/** What `--json` prints. */
export interface ClusterReport {
  name: string;
  context: string;
  kubeconfig: string;
  /** Whether every part runs. */
  running: boolean;
  /** Whether each part runs, by its name. */
  parts: Record<string, boolean>;
}

/** Prints which parts of a local cluster run, and sets the exit code. */
export function showStatus({ name, json }: { name?: string; json?: boolean }): void {
  const cluster = clusterAt(name);
  const parts = clusterStatus(name);
  const running = Object.values(parts).every(Boolean);
  if (json === true) {
    const { name: own, context, kubeconfig } = cluster;
    const report: ClusterReport = { name: own, context, kubeconfig, running, parts };
    console.log(JSON.stringify(report, undefined, 2));
  } else {
    for (const [part, runs] of Object.entries(parts)) {
      console.log(`${part.padEnd(24)} ${runs ? "running" : "not running"}`);
    }
  }
  if (running) return;
  const start = name === undefined ? "local up" : `local cluster start --name ${name}`;
  console.error(`cluster ${cluster.name}: not every part runs; to start it: npx platform ${start}`);
  process.exitCode = exitCodes.failed;
}
