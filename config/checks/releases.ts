import type { Apps, ParsedSections } from "./sections";
import { expected, listed, show, type ConfigError } from "../errors";
import { noPrometheus } from "../prometheus";

/** Checks which releases an app may request, and the names of frozen teams. */
export function releaseChecks(apps: Apps, stack: ParsedSections): ConfigError[] {
  return [
    ...canaryErrors(apps),
    ...canaryBehindIngress(apps, stack),
    ...unknownTeamFreezes(apps, stack),
  ];
}

function canaryErrors(apps: Apps): ConfigError[] {
  return apps.flatMap(([name, { stable, canary }]) => {
    if (canary === undefined) return [];
    const key = `platform:apps.${name}.canary`;
    if (stable === undefined) {
      const message =
        "expected stable as well, got none; the first release of an app is its stable one";
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

/** Checks that an app behind an Ingress has no canary, because an Ingress cannot split requests. */
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
              message: expected("no canary with ingress", show(canary.version), why),
            },
          ]),
      ...(releases?.forcedCanary === true
        ? [
            {
              key: `platform:apps.${name}.ingress`,
              message: expected(
                "no Ingress if platform:releases.forcedCanary is true",
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
 * Checks that a required check is possible: otherwise no canary could be promoted. The Prometheus of a platform
 * stack is known only after its output has been read; a branch uses the one of the common environment.
 * @param required whether the config itself requires the check, and not only a default.
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
