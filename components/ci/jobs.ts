import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CascJobs } from "./casc";
import type { AgentName, AppRuntimeKey, BuildTool } from "../../versions/app-runtimes";
import { groovyLiteral, type GroovyValue } from "./groovy";

/** An app as its pipeline needs it. */
export interface PipelineApp {
  /** Team that owns the app, and whose folder the pipeline is in. */
  team: string;
  /** Host name of the app, which is its project in the registry. */
  domain: string;
  /** Git repository that the app is built from; without it, versions are images that exist. */
  repository?: string;
  /** Base image that its Dockerfile is built from, for example `node:24.18.0`. */
  runtime?: AppRuntimeKey;
  /** Agent that builds the app before its image; only its Dockerfile is used without it. */
  agent?: AgentName;
  /** What the agent builds with. */
  build?: BuildTool;
}

/** What all pipelines have in common. */
export interface PipelineSettings {
  /** The repository of this program: where releases are asked for, and its library read from. */
  repository: { url: string; branch: string };
  /** Id of the credentials for git; none for repositories that everybody may read and write. */
  credentials?: string;
  /** Environments that may be released to, each with its stack and whether a canary is checked. */
  stacks: Partial<Record<string, { stack: string; check: boolean }>>;
  /** Host of the image registry. */
  registry: string;
}

/** The script that the lists below are put in front of. */
const seed = readFileSync(join(__dirname, "../../ci/seed/jobs.groovy"), "utf8");

/** The text for the plugin job-dsl: a folder for each team, a pipeline for each app. */
export function jobsScript(apps: Record<string, PipelineApp>, settings: PipelineSettings): string {
  const list = Object.entries(apps)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, app]) => `  ${groovyLiteral(withoutNothing({ name, ...app }))},`);
  const { repository, credentials, stacks, registry } = settings;
  const platform = withoutNothing({ repository, credentials, stacks, registry });
  return [`platform = ${groovyLiteral(platform)}`, "apps = [", ...list, "]", "", seed].join("\n");
}

/** The jobs as Jenkins loads them. */
export function cascJobs(apps: Record<string, PipelineApp>, settings: PipelineSettings): CascJobs {
  return { jobs: [{ script: jobsScript(apps, settings) }] };
}

/** Groovy has no absent value: what is undefined is left out. */
function withoutNothing(value: object): { [key: string]: GroovyValue } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [key: string]: GroovyValue;
  };
}
