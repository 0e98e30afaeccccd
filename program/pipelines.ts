import { lookup, pipelineOf, type CiConfig, type Pipeline } from "../config";
import { gitRepository } from "../config/repositories";
import { presetNames, appRuntimeKeys } from "../versions/app-runtimes";
import { otherApps, type OtherApp } from "./other-apps";

/**
 * A pipeline of an app that another stack declares, with the stacks of the environments if they differ from the
 * usual ones.
 */
export type ForeignPipeline = Pipeline & { stacks?: CiConfig["stacks"] };

/**
 * Returns the pipelines of the apps whose stacks use this stack's platform, from their files. An app with an
 * invalid file has no pipeline; its own stack reports the errors.
 * @param name of the stack that declares Jenkins, without organization and project.
 * @param targets the stack of each environment; an app that is in another stack there has that one instead.
 */
export function foreignPipelines(
  name: string,
  targets: CiConfig["stacks"],
  folder = ".",
): Record<string, ForeignPipeline> {
  const byPlatform = new Map<string, Map<string, OtherApp>>();
  const appsOf = (platform: string) => {
    const known = byPlatform.get(platform) ?? appsOfPlatform(platform, folder);
    byPlatform.set(platform, known);
    return known;
  };
  const pipelines = [...appsOf(name)].flatMap(([app, { given }]) => {
    const pipeline = readPipeline(given);
    if (pipeline === undefined) return [];
    const own = Object.entries(targets).flatMap(([environment, target]) => {
      const found = appsOf(target.stack).get(app);
      return found === undefined ? [] : [[environment, { ...target, stack: found.stack }]];
    });
    const differing =
      own.length === 0 ? {} : { stacks: Object.fromEntries(own) as CiConfig["stacks"] };
    return [[app, { ...pipeline, ...differing }] as const];
  });
  return Object.fromEntries(pipelines);
}

function appsOfPlatform(name: string, folder: string): Map<string, OtherApp> {
  return new Map(otherApps({ name, folder }).map((each) => [each.app, each]));
}

function readPipeline(given: Record<string, unknown>): Pipeline | undefined {
  const { team, domain, repository } = given;
  if (typeof team !== "string" || typeof domain !== "string") return undefined;
  const source = gitRepository.optional().safeParse(repository);
  if (!source.success) return undefined;
  return pipelineOf({
    team,
    domain,
    repository: source.data,
    preset: presetNames.find((each) => each === lookup(given, "preset")),
    runtime: appRuntimeKeys.find((each) => each === lookup(given, "runtime")),
  });
}
