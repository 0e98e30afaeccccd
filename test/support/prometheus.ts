import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { binary } from "../../local/toolchain/install";
import { mountsOf, type Mounts } from "./mounts";

/** Timeout of a request, and of the end after SIGTERM, milliseconds. */
const timeout = 10_000;

/** A target in Prometheus' API. */
export interface ScrapeTarget {
  labels: Record<string, string>;
  scrapePool: string;
  scrapeUrl: string;
  health: "up" | "down" | "unknown";
  lastError: string;
}

/** A rule group in Prometheus' API. */
export interface LoadedGroup {
  name: string;
  rules: { name: string; health: "ok" | "err" | "unknown"; lastError?: string }[];
}

/** The real Prometheus with the arguments, files and service account of one of its pods. */
export class PrometheusServer {
  /** The end of its log. */
  readonly log: string[] = [];
  private address = "";

  private constructor(readonly process: ChildProcess) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => {
        this.log.push(text);
        if (this.log.length > 200) this.log.shift();
        if (this.address !== "") return;
        const [, listens = ""] =
          /msg="Listening on" .*address=(\S+)\n/.exec(this.log.join("")) ?? [];
        this.address = listens;
      });
    }
  }

  /**
   * Starts it.
   * @param listen address and port; port 0 uses a free one.
   * @param folder folder for its files and data.
   */
  static async start(
    config: KubeConfig,
    pod: V1Pod,
    { listen, folder }: { listen: string; folder: string },
  ): Promise<PrometheusServer> {
    const mounts = await mountsOf(config, pod, folder);
    const args = (pod.spec?.containers[0]?.args ?? []).map((arg) => {
      const [flag = "", ...value] = arg.split("=");
      return value.length === 0 ? arg : `${flag}=${mounts.path(value.join("="))}`;
    });
    const file = args.find((arg) => arg.startsWith("--config.file="))?.split("=")[1] ?? "";
    writeFileSync(file, onThisMachine(readFileSync(file, "utf8"), mounts));
    const child = spawn(binary("prometheus"), [...args, `--web.listen-address=${listen}`], {
      env: { ...process.env, POD_NAME: pod.metadata?.name },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new PrometheusServer(child);
  }

  /** URL of its API. */
  get url(): string {
    return `http://${this.address}`;
  }

  /**
   * Waits until it responds.
   * @throws Error with its last log lines if it ends or does not respond in time.
   */
  async ready(seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(this.address !== "" && (await this.answersReady()))) {
      if (this.process.exitCode !== null || Date.now() > end) {
        throw new Error(`Prometheus is not ready. It wrote:\n${this.log.slice(-10).join("")}`);
      }
      await sleep(200);
    }
  }

  /** Returns all targets. */
  async targets(): Promise<ScrapeTarget[]> {
    const { activeTargets } = await this.api<{ activeTargets: ScrapeTarget[] }>("targets");
    return activeTargets;
  }

  /** Returns all loaded rules. */
  async rules(): Promise<LoadedGroup[]> {
    return (await this.api<{ groups: LoadedGroup[] }>("rules")).groups;
  }

  /** Returns the number of series in a query's current result. */
  async series(query: string): Promise<number> {
    const path = `query?query=${encodeURIComponent(query)}`;
    return (await this.api<{ result: unknown[] }>(path)).result.length;
  }

  /** Stops it, and waits until it has ended. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, "exit");
    this.process.kill("SIGTERM");
    const inTime = await Promise.race([exited, sleep(timeout, undefined, { ref: false })]);
    if (inTime === undefined) this.process.kill("SIGKILL");
    await exited;
  }

  private async answersReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/-/ready`, { signal: AbortSignal.timeout(timeout) })).ok;
    } catch {
      return false;
    }
  }

  private async api<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`, {
      signal: AbortSignal.timeout(timeout),
    });
    const body = (await response.json()) as { status: string; data: T; error?: string };
    if (body.status !== "success") throw new Error(`${path}: ${body.error}`);
    return body.data;
  }
}

/**
 * Returns prometheus.yml with local paths. Discovery uses a kubeconfig, because its library reads the account of a pod
 * from fixed paths only; everything else is unchanged.
 */
function onThisMachine(text: string, { path, kubeconfig }: Mounts): string {
  const content = parse(text, (_key, value: unknown) =>
    typeof value === "string" ? path(value) : value,
  ) as { scrape_configs: { kubernetes_sd_configs?: object[] }[] };
  for (const job of content.scrape_configs) {
    const found = job.kubernetes_sd_configs;
    if (found === undefined) continue;
    job.kubernetes_sd_configs = found.map((it) => ({ ...it, kubeconfig_file: kubeconfig }));
  }
  return stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
}
