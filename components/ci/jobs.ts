import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pipeline } from "../../config";
import type { CascJobs } from "./casc";
import { groovyLiteral, type GroovyValue } from "./groovy";

/** The settings of an app that its pipeline needs. */
export interface PipelineApp extends Pipeline {
  /** Stack of the app in an environment. Default: that of the settings. */
  stacks?: PipelineSettings["stacks"];
  /** Groups that may let a waiting build continue. Default: administrators only. */
  approvers?: string[];
}

/** Settings common to all pipelines. */
export interface PipelineSettings {
  /** Git repository of this program, which requests releases and contains the pipeline library. */
  repository: { url: string; branch: string };
  /** ID of the git credentials, for the host of that repository. Default: none, for public repositories. */
  credentials?: string;
  /** Hosts from which apps are built. */
  repositoryHosts: string[];
  /** Environments that pipelines can release to, each with its stack and whether its canaries are checked. */
  stacks: Partial<Record<string, { stack: string; check: boolean }>>;
  /** Host of the image registry. */
  registry: string;
}

/** The script that follows the generated lists. */
const seed = readFileSync(join(__dirname, "../../ci/seed/jobs.groovy"), "utf8");

/** Returns the script for the plugin job-dsl: a folder for each team, a pipeline for each app. */
export function jobsScript(apps: Record<string, PipelineApp>, settings: PipelineSettings): string {
  const list = Object.entries(apps)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, app]) => `  ${groovyLiteral(withoutUndefined({ name, ...app }))},`);
  const { repository, credentials, repositoryHosts, stacks, registry } = settings;
  const platform = withoutUndefined({ repository, credentials, repositoryHosts, stacks, registry });
  return [`platform = ${groovyLiteral(platform)}`, "apps = [", ...list, "]", "", seed].join("\n");
}

/** Returns the jobs in the format that Jenkins loads. */
export function cascJobs(apps: Record<string, PipelineApp>, settings: PipelineSettings): CascJobs {
  return { jobs: [{ script: jobsScript(apps, settings) }] };
}

/** Groovy has no `undefined`, so undefined properties are omitted. */
function withoutUndefined(value: object): { [key: string]: GroovyValue } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [key: string]: GroovyValue;
  };
}
