import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { Release } from "../../../components/app/release";
import { pausedReplicas } from "../../../components/app/annotations";
import { roleAnnotations } from "../../../components/app/worker";
import { workerReleases } from "../../../components/app/worker-releases";
import { lookup } from "../../../config";
import { workerPodsIn } from "../../../program/capacity";
import { planReleases, rolesOf } from "../../../program/releases";
import { liveApps, type LiveApp } from "../../../program/wait/live-app";
import { notAsPlanned } from "../../../program/wait/recorded";
import { stackOf, type Asked } from "./worker-stack";

interface ScaledObject {
  metadata: { name: string; labels: object; annotations: Record<string, string> };
  spec: { minReplicaCount: number };
}

interface Deployment {
  metadata: { name: string; labels: object; annotations: object; creationTimestamp: string };
  spec: { replicas: number };
  status: { availableReplicas: number };
}

/**
 * A stand-in for a cluster in which a release's pods are available at once or, while it is broken, never; and for
 * the engine, which may be killed, and whose update fails where a Deployment that it changed has too few pods.
 */
export class Machine {
  deployments = new Map<string, Deployment>();
  scaledObjects = new Map<string, ScaledObject>();
  /** Versions whose pods are not available from the next update on. */
  broken: readonly string[] = [];
  record: unknown;
  /** Releases whose numbers of pods the engine has set, and nobody since. */
  private readonly declared = new Set<string>();
  private seconds = 0;

  async live(): Promise<LiveApp | undefined> {
    const get = (path: string) =>
      Promise.resolve({
        items: path.includes("/deployments?")
          ? [...this.deployments.values()]
          : path.includes("/scaledobjects?")
            ? [...this.scaledObjects.values()]
            : [],
      });
    const reader = { get } as unknown as Parameters<typeof liveApps>[1];
    return lookup(await liveApps({ mailer: "commerce-dev" }, reader), "mailer");
  }

  pods(name: string): number {
    return this.deployments.get(name)?.spec.replicas ?? 0;
  }

  available(name: string): number {
    return this.deployments.get(name)?.status.availableReplicas ?? 0;
  }

  get working(): number {
    return [...this.deployments.keys()].reduce((sum, name) => sum + this.available(name), 0);
  }

  get all(): number {
    return [...this.deployments.keys()].reduce((sum, name) => sum + this.pods(name), 0);
  }

  /**
   * Makes an update.
   * @param changes after which it is killed.
   * @returns whether it came to its end.
   */
  async update(asked: Asked, changes = Infinity): Promise<"whole" | "killed" | "failed"> {
    this.seconds += 60;
    const now = new Date(Date.UTC(2026, 10, 21) + this.seconds * 1000);
    const live = await this.live();
    const records = this.record === undefined ? {} : { mailer: this.record };
    const known = live && { mailer: live };
    const [planned] = planReleases(stackOf(asked), records, now, known);
    assert.ok(planned !== undefined);
    const { plan } = planned;
    const { releases } = rolesOf(planned);
    this.settle();
    const before = new Map([...this.deployments.keys()].map((name) => [name, this.pods(name)]));
    const [total, working] = [this.all, this.working];
    const planned_ = releases.map(({ worker }) => worker?.replicas ?? 0);
    const together = planned_.reduce((sum, each) => sum + each, 0);
    const least = asked.max === undefined ? asked.replicas : together;
    let left = changes;
    const change = (work: () => void) => {
      if (left-- <= 0) return;
      const pods = this.all;
      work();
      if (total > 0) assert.ok(this.all >= Math.min(total, least), "too few pods");
      if (this.all < pods) this.checkFall(releases, before, Math.min(working, least));
      const { canary } = plan.services;
      if (plan.canary === undefined || total === 0) return;
      const had = (before.get(canary) ?? 0) / total;
      const most = Math.ceil((least * plan.weights.canary) / 100) / least;
      const share = this.pods(canary) / this.all;
      assert.ok(share <= Math.max(had, most) + 1e-9, `share ${share}: had ${had}, asked ${most}`);
    };
    let fail = (): void => undefined;
    let breach: (error: unknown) => void = fail;
    const failed = new Promise<boolean>((resolve, reject) => {
      fail = () => resolve(true);
      breach = reject;
    });
    /** What depends on it never happens where pods are missing. */
    const available = (name: string) => {
      const isAvailable = this.available(name) >= this.pods(name);
      if (isAvailable || left < 0) return Promise.resolve();
      fail();
      return new Promise<void>(() => undefined);
    };
    const { ready } = workerReleases({
      releases,
      waiting: {
        afterPodsAvailable: ({ deployment, releaseName }) =>
          pulumi.output(deployment.id.apply(() => available(releaseName))),
        afterScaled: ({ deployment }) => deployment.id,
      },
      declare: (release, after = pulumi.output(undefined)) => {
        const id = after.apply(() => {
          const asks = this.pods(release.name);
          try {
            change(() => this.apply(release));
            if (release.worker?.autoscaler !== undefined) change(() => this.scale(release));
          } catch (error) {
            breach(error);
          }
          return this.pods(release.name) === asks ? undefined : available(release.name);
        });
        return { releaseName: release.name, deployment: { id } } as unknown as Release;
      },
    });
    const done = new Promise<boolean>((resolve) => void ready.apply(() => resolve(false)));
    if (await Promise.race([failed, done])) return "failed";
    for (const name of [...this.scaledObjects.keys()]) {
      if (releases.some((each) => each.name === name && each.worker?.autoscaler)) continue;
      change(() => void this.scaledObjects.delete(name));
    }
    for (const name of [...this.deployments.keys()]) {
      if (releases.some((release) => release.name === name)) continue;
      change(() => void this.deployments.delete(name));
    }
    if (left < 0) return "killed";
    assert.deepEqual(
      notAsPlanned(
        { ...plan, workerPods: workerPodsIn(planned.capacity) },
        await this.live(),
        "mailer",
        "pods",
      ),
      [],
    );
    this.record = JSON.parse(JSON.stringify(plan.next));
    return "whole";
  }

  /** Takes the pods of broken releases away, and starts those that others lack. */
  private settle(): void {
    for (const { metadata, spec, status } of this.deployments.values()) {
      status.availableReplicas = this.isBroken(metadata.name) ? 0 : spec.replicas;
    }
  }

  private isBroken(name: string): boolean {
    return this.broken.some((version) => name === `mailer-${version.replaceAll(".", "-")}`);
  }

  /** Asserts, where some release has lost pods, that those that must have all of theirs have them. */
  private checkFall(
    releases: ReturnType<typeof rolesOf>["releases"],
    before: ReadonlyMap<string, number>,
    least: number,
  ): void {
    const live = releases.filter(({ worker }) => worker !== undefined && worker.replicas > 0);
    const falls = ({ name, worker }: (typeof live)[number]) =>
      worker?.autoscaler !== "scaling" && (worker?.replicas ?? 0) < (before.get(name) ?? 0);
    for (const release of live.filter((each) => !falls(each))) {
      const has = this.available(release.name);
      assert.ok(has >= (release.worker?.replicas ?? 0), `${release.name} has ${has} pods`);
    }
    if (!live.some(falls)) assert.ok(this.working >= least, `${this.working} pods work`);
  }

  /** Lets KEDA set the number of pods that the load needs, within its bounds. */
  load(pods: number, max: number): void {
    for (const { metadata, spec } of this.scaledObjects.values()) {
      if (metadata.annotations[pausedReplicas] !== undefined) continue;
      this.set(metadata.name, Math.min(max, Math.max(spec.minReplicaCount, pods)));
    }
  }

  /** Like KEDA, which is told of a changed ScaledObject at once. */
  private scale({ name, worker }: ReturnType<typeof rolesOf>["releases"][number]): void {
    assert.ok(worker !== undefined);
    const { replicas, autoscaler } = worker;
    const isPaused = autoscaler === "paused";
    const annotations: Record<string, string> = isPaused ? { [pausedReplicas]: `${replicas}` } : {};
    const labels = { "app.kubernetes.io/name": "mailer" };
    const spec = { minReplicaCount: isPaused ? 1 : replicas };
    this.scaledObjects.set(name, { metadata: { name, labels, annotations }, spec });
    this.set(name, isPaused ? replicas : Math.max(replicas, this.pods(name)));
  }

  private set(name: string, replicas: number): void {
    const deployment = this.deployments.get(name);
    assert.ok(deployment !== undefined);
    // Who changes a field owns it, and the engine no more.
    if (deployment.spec.replicas !== replicas) this.declared.delete(name);
    deployment.spec.replicas = replicas;
    deployment.status.availableReplicas = this.isBroken(name) ? 0 : replicas;
  }

  private apply({ name, key, worker }: ReturnType<typeof rolesOf>["releases"][number]): void {
    assert.ok(worker !== undefined);
    const declares = worker.autoscaler === undefined || worker.replicas === 0;
    // A number that is declared no more is the default of the API server, if nobody else has set it since.
    const left = this.declared.has(name) || !this.deployments.has(name) ? 1 : this.pods(name);
    const replicas = declares ? worker.replicas : left;
    if (declares) this.declared.add(name);
    else this.declared.delete(name);
    const creationTimestamp =
      this.deployments.get(name)?.metadata.creationTimestamp ??
      new Date(Date.UTC(2026, 0, 1) + this.seconds * 1000).toISOString();
    const labels = { "app.kubernetes.io/name": "mailer" };
    const annotations = roleAnnotations(key, worker);
    this.deployments.set(name, {
      metadata: { name, labels, annotations, creationTimestamp },
      spec: { replicas },
      status: { availableReplicas: this.isBroken(name) ? 0 : replicas },
    });
  }
}
