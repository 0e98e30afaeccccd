import { amountOf, largest, sum, type Amount } from "../quantities";
import type { DeclaredApp } from ".";
import { nginxResources, plain, presets } from "./presets";

/**
 * What one pod of an app requests, as the scheduler counts it: all containers that run beside each
 * other, or, where that is more, one that runs to its end before them beside the sidecars.
 */
export function podRequests(app: DeclaredApp): Amount {
  const { preset, resources, sidecars, initContainers } = app;
  const preparing = initContainers.map((container) => container.resources);
  const serving = [resources ?? (preset === undefined ? plain : presets[preset]).resources];
  if (preset === "php-fpm") {
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

/**
 * The most pods that an app may have at once: the releases that take requests at their highest
 * scale, and the former ones that wait for a rollback, without requests, at their lowest.
 * @param retained former releases that keep running.
 */
export function mostPods({ scaling, canary }: DeclaredApp, retained: number): number {
  const serving = canary === undefined ? 1 : 2;
  return serving * scaling.max + retained * scaling.min;
}
