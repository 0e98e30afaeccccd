import type { AppConfig } from "./app";
import type { PresetName } from "./app/presets";
import type { StackConfig } from "./stack";

/** What builds an app before its image is made. */
type Runtime = "maven" | "php" | "node" | "python";

/** An app as its pipeline needs it. */
export interface Pipeline {
  team: string;
  domain: string;
  repository?: string;
  runtime?: Runtime;
}

/** Groups of a team, by what they may do with its pipelines. */
export interface PipelineGroups {
  /** See builds and their logs. */
  view: string[];
  /** Start and stop builds as well. */
  build: string[];
}

/** What builds an app of each preset; a static site is what its Dockerfile copies. */
const runtimes: Record<PresetName, Runtime | undefined> = {
  "java-tomcat": "maven",
  "php-fpm": "php",
  node: "node",
  python: "python",
  static: undefined,
};

/** The stack's apps, as continuous integration sees them. */
export function pipelinesOf({ apps }: Pick<StackConfig, "apps">): Record<string, Pipeline> {
  return Object.fromEntries(
    Object.entries(apps).map(([name, app]) => [name, pipelineOf(app)] as const),
  );
}

/** Groups of every team that has apps: its tenancy's, or the group of its own name. */
export function pipelineGroupsOf({
  apps,
  components,
}: Pick<StackConfig, "apps" | "components">): Record<string, PipelineGroups> {
  const teams = [...new Set(Object.values(apps).map(({ team }) => team))].sort();
  return Object.fromEntries(
    teams.map((team) => {
      const groups = components.tenancy?.teams[team]?.groups;
      if (groups === undefined) return [team, { view: [], build: [team] }];
      return [team, { view: groups.view, build: [...groups.release, ...groups.admin] }];
    }),
  );
}

function pipelineOf({ team, domain, repository, preset }: AppConfig): Pipeline {
  const runtime = preset && runtimes[preset];
  return { team, domain, repository, runtime };
}
