import type { Apps, ParsedSections } from "./sections";
import { expected, listed, show, type ConfigError } from "../errors";
import { noPrometheus } from "../prometheus";

/** Which releases an app may ask for, and whose are frozen. */
export function releaseChecks(apps: Apps, stack: ParsedSections): ConfigError[] {
  return [
    ...canaryIsStable(apps),
    ...canaryBehindIngress(apps, stack),
    ...unknownTeamFreezes(apps, stack),
  ];
}

function canaryIsStable(apps: Apps): ConfigError[] {
  return apps.flatMap(([name, { stable, canary }]) => {
    if (canary === undefined) return [];
    const key = `platform:apps.${name}.canary`;
    if (stable === undefined) {
      const message =
        "expected stable beside it, got none; the first release of an app is its stable one";
      return [{ key, message }];
    }
    if (canary.version !== stable.version || canary.revision !== stable.revision) return [];
    const message = expected(
      "a version other than the stable one, or a higher revision",
      show(stable.version),
    );
    return [{ key: `${key}.version`, message }];
  });
}

/** An Ingress cannot divide requests, so what it serves has no canary. */
function canaryBehindIngress(apps: Apps, { releases }: ParsedSections): ConfigError[] {
  return apps.flatMap(([name, { ingress, canary }]) => {
    if (ingress === undefined) return [];
    const why = "an Ingress cannot split requests";
    return [
      ...(canary === undefined
        ? []
        : [
            {
              key: `platform:apps.${name}.canary`,
              message: expected("no canary beside ingress", show(canary.version), why),
            },
          ]),
      ...(releases?.forcedCanary === true
        ? [
            {
              key: `platform:apps.${name}.ingress`,
              message: expected(
                "no Ingress where platform:releases.forcedCanary is true",
                "one",
                `${why}, so that no release could become stable; remove it to use the gateway's route`,
              ),
            },
          ]
        : []),
    ];
  });
}

/**
 * A required check that nothing can make keeps every canary from its promotion. The Prometheus of a
 * platform stack is known once its output is read; a branch uses the common environment's.
 * @param required whether the config itself says so, and not its default.
 */
export function checkWithoutPrometheus(stack: ParsedSections, required: boolean): ConfigError[] {
  const { releases, components, platformStack, branch } = stack;
  if (releases === undefined || components === undefined) return [];
  if (platformStack !== undefined || branch !== undefined) return [];
  if (releases.prometheus !== undefined || components.monitoring !== undefined) return [];
  if (!required || !releases.forcedCanary) return [];
  return [{ key: "platform:releases.checkRequired", message: noPrometheus }];
}

function unknownTeamFreezes(
  apps: Apps,
  { teamFreezes, components }: ParsedSections,
): ConfigError[] {
  const teams = [
    ...new Set([
      ...apps.map(([, { team }]) => team),
      ...Object.keys(components?.tenancy?.teams ?? {}),
    ]),
  ].sort();
  return Object.keys(teamFreezes ?? {})
    .filter((team) => !teams.includes(team))
    .map((team) => ({
      key: `platform:teamFreezes.${team}`,
      message: expected(`a team of this stack (${listed(teams)})`, show(team)),
    }));
}
