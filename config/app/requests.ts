import { amountOf, largerOf, sum, type Amount } from "../amounts";
import type { Resources } from "../resources";
import type { DeclaredApp } from ".";
import { isAutoscaled, isWorker, workerReplicas } from "./kinds";
import { presetOf } from "./resolved";
import { nginxResources, plain, presets } from "./presets";

/**
 * Returns what one pod of an app requests, as the scheduler counts it: the sum of the containers that run at
 * the same time or, if larger, the request of an init container together with the sidecars.
 */
export function podRequests(app: DeclaredApp): Amount {
  const { preset, resources, sidecars, initContainers } = app;
  const preparing = initContainers.map((container) => container.resources);
  const serving = [resources ?? (preset === undefined ? plain : presets[preset]).resources];
  // A worker has no nginx in front of it.
  if (preset === "php-fpm" && !isWorker(app)) {
    serving.push(nginxResources);
    preparing.push(nginxResources);
  }
  const beside = sum(
    Object.values(sidecars).map((sidecar) => amountOf(sidecar.resources.requests)),
  );
  const before = preparing.map(({ requests }) => amountOf(requests));
  const main = sum(serving.map(({ requests }) => amountOf(requests)));
  return sum([beside, before.reduce(largerOf, main)]);
}

/**
 * Returns what one pod of an app's job requests: the job's resources instead of those of the app's container.
 */
export function jobRequests(app: DeclaredApp, { resources }: { resources?: Resources }): Amount {
  return podRequests({
    ...app,
    // A job has no nginx in front of it.
    preset: app.preset === "php-fpm" ? undefined : app.preset,
    resources: resources ?? app.resources ?? presetOf(app).resources,
  });
}

/**
 * Returns the maximum number of pods that an app may have at the same time: releases that serve requests at
 * their maximum scale, and former releases that wait for a rollback at their minimum. Former releases of a
 * worker have no pods.
 * @param retained number of former releases that keep running.
 */
export function maximumPods(app: DeclaredApp, retained: number): number {
  const { scaling, canary } = app;
  // During a promotion or a rollback, both releases have all of their pods.
  if (isWorker(app)) return 2 * (isAutoscaled(app) ? scaling.max : workerReplicas(app));
  const serving = canary === undefined ? 1 : 2;
  return serving * scaling.max + retained * scaling.min;
}
