import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import { binary } from "../../../local/toolchain/install";
import { mountsOf } from "../../support/mounts";
import { PrometheusServer } from "../../support/prometheus";

/** Port of Prometheus, as the program declares it. */
const prometheusPort = 9090;

/** Starts the real Prometheus and kube-state-metrics for their pods. */
export class MonitoringContainers {
  /** Prometheus, once its pod runs. */
  prometheus?: PrometheusServer;

  constructor(
    private readonly config: KubeConfig,
    /** Folder for the files of the pods. */
    private readonly folder: string,
  ) {}

  /** @returns undefined for a pod of another program. */
  async start(pod: V1Pod, address: string): Promise<ChildProcess | undefined> {
    const [, program] = /([^/:]+):[^/]*$/.exec(pod.spec?.containers[0]?.image ?? "") ?? [];
    const folder = join(this.folder, pod.metadata?.name ?? "");
    if (program === "prometheus") {
      const listen = `${address}:${prometheusPort}`;
      this.prometheus = await PrometheusServer.start(this.config, pod, { listen, folder });
      return this.prometheus.process;
    }
    if (program === "kube-state-metrics") {
      const { kubeconfig } = await mountsOf(this.config, pod, folder);
      const own = [
        `--kubeconfig=${kubeconfig}`,
        `--host=${address}`,
        `--telemetry-host=${address}`,
      ];
      const args = [...(pod.spec?.containers[0]?.args ?? []), ...own];
      return spawn(binary("kube-state-metrics"), args, { stdio: "ignore" });
    }
    return undefined;
  }
}
