import type { Apps, ParsedSections } from "./sections";
import type { ComponentsConfig } from "../components";
import { expected, keyOf, show, type ConfigError } from "../errors";

/**
 * Requests are counted at the gateway's routes, for KEDA; a branch is not scaled by them. Whether the
 * platform stack of an app stack counts them is known once that is read.
 */
export function autoscalingChecks(
  apps: Apps,
  { branch, components, platformStack }: ParsedSections,
): ConfigError[] {
  if (components === undefined || branch !== undefined) return [];
  const keda = platformStack !== undefined || components.autoscaling?.keda !== undefined;
  return [...unansweredKeda(components), ...uncounted(apps, keda)];
}

function unansweredKeda({ autoscaling, monitoring }: ComponentsConfig): ConfigError[] {
  if (autoscaling?.keda === undefined) return [];
  if (autoscaling.keda.prometheus !== undefined || monitoring !== undefined) return [];
  return [
    {
      key: "platform:components.autoscaling.keda.prometheus",
      message: expected(
        "the address of a Prometheus",
        "nothing",
        "set it, or declare platform:components.monitoring",
      ),
    },
  ];
}

function uncounted(apps: Apps, keda: boolean): ConfigError[] {
  const scaled = apps.filter(([, { scaling }]) => scaling.requestsPerSecond !== undefined);
  return scaled.flatMap(([name, { scaling, ingress }]) => {
    const error = (next: string) => ({
      key: keyOf("platform:apps", [name, "scaling", "requestsPerSecond"]),
      message: expected(
        "no target, as nothing counts the requests of this app",
        show(scaling.requestsPerSecond),
        next,
      ),
    });
    return [
      ...(!keda ? [error("remove it, or declare platform:components.autoscaling.keda")] : []),
      ...(ingress === undefined
        ? []
        : [
            error(
              "remove it, or remove ingress: only requests through the gateway's route are counted",
            ),
          ]),
    ];
  });
}
