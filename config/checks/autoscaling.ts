import type { Apps, ParsedSections } from "./sections";
import { byKeda } from "../app/scaling";
import type { ComponentsConfig } from "../components";
import { expected, keyOf, show, type ConfigError } from "../errors";

/**
 * Checks what KEDA needs: requests are counted at the gateway's routes, and not for a branch. For an app stack,
 * it is known only after the platform stack has been read whether that stack counts them.
 */
export function autoscalingChecks(
  apps: Apps,
  { branch, components, platformStack }: ParsedSections,
): ConfigError[] {
  if (components === undefined || branch !== undefined) return [];
  const keda = platformStack !== undefined || components.autoscaling?.keda !== undefined;
  return [...unansweredKeda(components), ...broughtKeda(components), ...uncounted(apps, keda)];
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

/** Checks that the config does not say how to install a KEDA that the cluster brings. */
function broughtKeda({ autoscaling: { keda } = {} }: ComponentsConfig): ConfigError[] {
  if (keda?.installedIn === undefined) return [];
  const given = [keda.crds && "crds", keda.replicas === 1 ? undefined : "replicas"];
  return given
    .filter((key) => key !== undefined)
    .map((key) => ({
      key: `platform:components.autoscaling.keda.${key}`,
      message: expected(
        "none next to installedIn, with which the cluster brings KEDA",
        "some",
        "remove it, or installedIn",
      ),
    }));
}

function uncounted(apps: Apps, keda: boolean): ConfigError[] {
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
