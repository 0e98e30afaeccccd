import { amountOf, largest, sum, type Amount } from "../quantities";
import type { Resources } from "../values";
import type { DeclaredApp } from ".";
import { isWorker, workerReplicas } from "./kinds";
import { presetOf } from "./resolved";
import { nginxResources, plain, presets } from "./presets";

/**
 * What one pod of an app requests, as the scheduler counts it: all containers that run beside each
 * other, or, where that is more, one that runs to its end before them beside the sidecars.
 */
export function podRequests(app: DeclaredApp): Amount {
  const { preset, resources, sidecars, initContainers } = app;
  const preparing = initContainers.map((container) => container.resources);
  const serving = [resources ?? (preset === undefined ? plain : presets[preset]).resources];
  // Nothing stands in front of a worker.
  if (preset === "php-fpm" && !isWorker(app)) {
    serving.push(nginxResources);
    preparing.push(nginxResources);
  }
  const beside = sum(
    Object.values(sidecars).map((sidecar) => amountOf(sidecar.resources.requests)),
  );
  const before = preparing.map(({ requests }) => amountOf(requests));
  const main = sum(serving.map(({ requests }) => amountOf(requests)));
  return sum([beside, before.reduce(largest, main)]);
}

/** What one pod of an app's job requests: its own container in place of the app's. */
export function jobRequests(app: DeclaredApp, { resources }: { resources?: Resources }): Amount {
  return podRequests({
    ...app,
    // Nothing stands in front of a job.
    preset: app.preset === "php-fpm" ? undefined : app.preset,
    resources: resources ?? app.resources ?? presetOf(app).resources,
  });
}

/**
 * The most pods that an app may have at once: the releases that take requests at their highest
 * scale, and the former ones that wait for a rollback, without requests, at their lowest. Those of a
 * worker have no pods.
 * @param retained former releases that keep running.
 */
export function mostPods(app: DeclaredApp, retained: number): number {
  const { scaling, canary } = app;
  // At a promotion or a rollback both releases have all of their pods for a while.
  if (isWorker(app)) return 2 * workerReplicas(app);
  const serving = canary === undefined ? 1 : 2;
  return serving * scaling.max + retained * scaling.min;
}
