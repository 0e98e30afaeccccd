import type { Apps, ParsedSections } from "./sections";
import type { ComponentsConfig } from "../components";
import { keyOf, show, type ConfigError } from "../errors";

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
      message:
        "missing; allowed is the address of a Prometheus, or none where platform:components.monitoring declares one",
    },
  ];
}

function uncounted(apps: Apps, keda: boolean): ConfigError[] {
  const scaled = apps.filter(([, { scaling }]) => scaling.requestsPerSecond !== undefined);
  return scaled.flatMap(([name, { scaling, ingress }]) => {
    const error = (why: string) => ({
      key: keyOf("platform:apps", [name, "scaling", "requestsPerSecond"]),
      message: `${show(scaling.requestsPerSecond)} is given, and ${why}`,
    });
    return [
      ...(!keda
        ? [
            error(
              "nothing counts requests; allowed is none, or KEDA in platform:components.autoscaling.keda",
            ),
          ]
        : []),
      ...(ingress === undefined
        ? []
        : [
            error(
              "the app is served by an Ingress, whose requests are not counted; allowed is none, or the gateway's route",
            ),
          ]),
    ];
  });
}
