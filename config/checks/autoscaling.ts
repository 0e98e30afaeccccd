import type { Apps, ParsedSections } from "./sections";
import { byKeda } from "../app/scaling";
import type { ComponentsConfig } from "../components";
import { expected, keyOf, show, type ConfigError } from "../errors";

/**
 * Checks what KEDA needs: requests are counted at the gateway's routes, and not for a branch. Whether the platform
 * stack of an app stack counts them is known only after it has been read.
 */
export function autoscalingChecks(
  apps: Apps,
  { branch, components, platformStack }: ParsedSections,
): ConfigError[] {
  if (components === undefined || branch !== undefined) return [];
  const keda = platformStack !== undefined || components.autoscaling?.keda !== undefined;
  return [
    ...missingPrometheus(components),
    ...preinstalledKeda(components),
    ...uncountedRequests(apps, keda),
  ];
}

function missingPrometheus({ autoscaling, monitoring }: ComponentsConfig): ConfigError[] {
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

/** Checks that the config does not say how to install a KEDA that the cluster already has. */
function preinstalledKeda({ autoscaling: { keda } = {} }: ComponentsConfig): ConfigError[] {
  if (keda?.installedIn === undefined) return [];
  const given = [keda.crds && "crds", keda.replicas === 1 ? undefined : "replicas"];
  return given
    .filter((key) => key !== undefined)
    .map((key) => ({
      key: `platform:components.autoscaling.keda.${key}`,
      message: expected(
        "none next to installedIn, because the cluster already has KEDA",
        "some",
        "remove it, or installedIn",
      ),
    }));
}

function uncountedRequests(apps: Apps, keda: boolean): ConfigError[] {
  return apps.flatMap(([name, { scaling, ingress }]) => {
    const error = (next: string) => ({
      key: keyOf("platform:apps", [name, "scaling", "requestsPerSecond"]),
      message: expected(
        "no target, because nothing counts the requests of this app",
        show(scaling.requestsPerSecond),
        next,
      ),
    });
    const others = byKeda(scaling).filter((key) => key !== "requestsPerSecond");
    const counted = scaling.requestsPerSecond !== undefined;
    return [
      ...(keda
        ? []
        : others.map((key) => ({
            key: keyOf("platform:apps", [name, "scaling", key]),
            message: expected(
              "none, because only KEDA scales by them",
              "some",
              "remove them, or declare platform:components.autoscaling.keda",
            ),
          }))),
      ...(counted && !keda
        ? [error("remove it, or declare platform:components.autoscaling.keda")]
        : []),
      ...(!counted || ingress === undefined
        ? []
        : [
            error(
              "remove it, or remove ingress: only requests through the gateway's route are counted",
            ),
          ]),
    ];
  });
}
