import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Container, V1LifecycleHandler, V1Pod, V1Probe } from "@kubernetes/client-node";
import type { Pods } from "./pods";

/** Starts the process of a pod's main container on the pod's address. */
export type StartContainer = (pod: V1Pod, address: string) => Promise<ChildProcess>;

/** Delay before a crashed process is restarted, milliseconds; a kubelet's first delay is 10 s. */
const backOff = 2000;

/** A pod: its process, its probes and its status. */
export class PodRunner {
  readonly name: string;
  /** Whether its process runs. */
  alive = false;
  private process?: ChildProcess;
  private restarts = 0;
  private ready = false;
  private ending = false;

  constructor(
    private readonly pods: Pods,
    private readonly pod: V1Pod,
    private readonly address: string,
    private readonly start: StartContainer,
  ) {
    this.name = pod.metadata?.name ?? "";
  }

  /** Runs the process, and restarts it after each crash, until the pod ends. */
  async run(): Promise<void> {
    await this.report();
    void this.probe();
    while (!this.ending) {
      this.process = await this.start(this.pod, this.address);
      this.alive = true;
      await once(this.process, "exit");
      this.alive = false;
      if (this.ending) return;
      this.restarts += 1;
      this.ready = false;
      await this.report();
      await sleep(backOff);
    }
  }

  /** Stops the process like a kubelet: preStop, SIGTERM, and SIGKILL after the grace period. */
  async terminate(): Promise<void> {
    if (this.ending) return;
    this.ending = true;
    const end = Date.now() + (this.pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
    await sleep(secondsOf(this.container().lifecycle?.preStop) * 1000);
    if (this.alive && this.process !== undefined) {
      const exited = once(this.process, "exit");
      this.process.kill("SIGTERM");
      await Promise.race([exited, sleep(Math.max(0, end - Date.now()))]);
    }
    await this.kill();
    await this.pods.remove(this.pod);
  }

  /** Kills the process. */
  async kill(): Promise<void> {
    this.ending = true;
    if (!this.alive || this.process === undefined) return;
    const exited = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await exited;
  }

  private async probe(): Promise<void> {
    const { readinessProbe, startupProbe } = this.container();
    const period = (startupProbe?.periodSeconds ?? readinessProbe?.periodSeconds ?? 1) * 1000;
    let failures = 0;
    while (!this.ending) {
      const passed = this.alive && (await this.passes(readinessProbe));
      failures = passed ? 0 : failures + 1;
      const ready = passed || (this.ready && failures < (readinessProbe?.failureThreshold ?? 3));
      if (ready !== this.ready && !this.ending) {
        this.ready = ready;
        await this.report();
      }
      await sleep(period);
    }
  }

  private async passes(probe: V1Probe | undefined): Promise<boolean> {
    if (probe?.httpGet === undefined) return true;
    const { port, path } = probe.httpGet;
    const { ports } = this.container();
    const number =
      typeof port === "number" ? port : ports?.find(({ name }) => name === port)?.containerPort;
    try {
      const answer = await fetch(`http://${this.address}:${number}${path ?? "/"}`, {
        signal: AbortSignal.timeout((probe.timeoutSeconds ?? 1) * 1000),
      });
      return answer.status >= 200 && answer.status < 400;
    } catch {
      // Refused, reset or late: the probe has failed.
      return false;
    }
  }

  /** Writes the pod's status. */
  private async report(): Promise<void> {
    const status = this.ready ? "True" : "False";
    const conditions = ["Initialized", "ContainersReady", "Ready", "PodScheduled"].map((type) => ({
      type,
      status: type === "Ready" || type === "ContainersReady" ? status : "True",
    }));
    const container = this.container();
    await this.pods.report(this.pod, {
      phase: "Running",
      podIP: this.address,
      podIPs: [{ ip: this.address }],
      startTime: this.pod.metadata?.creationTimestamp,
      conditions,
      containerStatuses: [
        {
          name: container.name,
          image: container.image,
          imageID: "",
          ready: this.ready,
          started: this.ready,
          restartCount: this.restarts,
          state: { running: {} },
        },
      ],
    });
  }

  private container(): V1Container {
    const [container] = this.pod.spec?.containers ?? [];
    if (container === undefined) throw new Error(`pod ${this.name} has no container`);
    return container;
  }
}

/**
 * Returns how long a preStop handler takes that only waits: `sleep`, or the command of that name.
 * @throws Error for any other handler, which nothing here runs.
 */
function secondsOf(handler: V1LifecycleHandler | undefined): number {
  if (handler === undefined) return 0;
  const [command, seconds] = handler.exec?.command ?? [];
  if (handler.sleep !== undefined) return handler.sleep.seconds;
  if (command === "sleep") return Number(seconds);
  throw new Error(`preStop: expected sleep, got ${JSON.stringify(handler)}`);
}
