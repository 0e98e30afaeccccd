import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { isMap } from "../../config/is-map";
import type { StackEntry } from "../stacks/discover";
import { needsOf } from "../stacks/needs";
import { GatheringJobs, idle, maxNeeds } from "./gather";
import { orderedParts, slices, type Part } from "./parts";

/** What a pipeline does with each stack, and the hidden jobs of `.gitlab-ci.yml` that it consists of. */
export const modes = {
  preview: ["preview"],
  update: ["plan", "up"],
  drift: ["drift"],
  canaries: ["canaries"],
  advance: ["advance"],
} as const;

/** One of {@link modes}. */
export type Mode = keyof typeof modes;

type Job = Record<string, unknown>;

const stages = ["preview", "summary", "apply", "watch"];

/** Maximum number of jobs with an environment in one pipeline of GitLab, whatever their `action`. */
const maxEnvironments = 500;

/** The job of `.gitlab-ci.yml` that writes the pipelines of a mode. */
const writers: Record<Mode, string> = {
  preview: "stacks:preview",
  update: "stacks:update",
  drift: "stacks:watch",
  canaries: "stacks:watch",
  advance: "stacks:watch",
};

/** Options of {@link childPipelines}. */
export interface PipelineOptions {
  /** Name of the file of the pipeline that `.gitlab-ci.yml` starts. */
  file?: string;
  /** Folder that contains `apps/groups`. */
  project?: string;
}

/**
 * Returns the child pipeline with the jobs of each stack. If these are more jobs with an environment than GitLab
 * creates in one pipeline, they are in several further pipelines, which the child pipeline starts.
 * @param entries the stacks that the change concerns.
 * @returns the text of each file, by name.
 */
export function childPipelines(
  mode: Mode,
  entries: StackEntry[],
  source: string,
  { file = "stacks.gitlab-ci.yml", project = "." }: PipelineOptions = {},
): Map<string, string> {
  const max = Math.floor(maxEnvironments / modes[mode].length);
  if (entries.length <= max) {
    return new Map([[file, childPipeline(mode, entries, source, { project })]]);
  }
  const parts =
    mode === "update"
      ? orderedParts(entries, max, project)
      : slices(entries, max).map((some): Part => ({ entries: some, after: [], awaited: false }));
  const nameOf = (index: number) => file.replace(/(\.[^.]*)?$/, `.${index + 1}$1`);
  return new Map([
    [file, partsPipeline(mode, parts, source, nameOf)],
    ...parts.map(({ entries: some, awaited }, index) => {
      const part = { number: index + 1, of: parts.length, awaited };
      return [nameOf(index), childPipeline(mode, some, source, { project, part })] as const;
    }),
  ]);
}

/** Returns the child pipeline that starts those of the parts, each after the parts that come before it. */
function partsPipeline(
  mode: Mode,
  parts: Part[],
  source: string,
  nameOf: (index: number) => string,
): string {
  const jobs = parts.map(({ after }, index) => {
    const before = after.map((part) => `part:${parts.indexOf(part) + 1}`);
    const include = [{ artifact: nameOf(index), job: "files" }];
    const trigger = { strategy: "depend", include };
    return [`part:${index + 1}`, { stage: "apply", needs: ["files", ...before], trigger }] as const;
  });
  return pipelineText(mode, source, {
    // A pipeline can be started only from a file that a job of the same pipeline has as an artifact.
    files: {
      ...idle("preview"),
      needs: [{ pipeline: "$PARENT_PIPELINE_ID", job: writers[mode] }],
      artifacts: { expire_in: "1 day", paths: parts.map((_, index) => nameOf(index)) },
    },
    ...Object.fromEntries(jobs),
  });
}

/**
 * Returns a pipeline with the jobs of each stack. It repeats the hidden jobs of the project's own pipeline, so that
 * every pipeline works on a stack in the same way. A job waits for every other job on the same stack.
 * @param part which part of the stacks it has, if there are others.
 */
function childPipeline(
  mode: Mode,
  entries: StackEntry[],
  source: string,
  { project, part }: { project: string; part?: PartNumber },
): string {
  const parent = parse(source, { merge: true }) as Record<string, unknown>;
  const kinds = modes[mode];
  const sums = mode === "preview" && entries.length > 0 ? (["summary"] as const) : [];
  const hidden = [...kinds, ...sums].map(
    (kind) => [`.${kind}`, plain(resolveJob(parent, `.${kind}`))] as const,
  );
  const needs = needsOf(entries, project);
  const gathering = new GatheringJobs();
  const jobs = entries.flatMap((entry) =>
    kinds.map((kind) => {
      const before = (needs.get(entry) ?? []).map(({ name }) => `${kind}:${name}`);
      const job = jobOf(kind, entry, before, gathering, part?.awaited === true);
      return [`${kind}:${entry.name}`, job] as const;
    }),
  );
  const nothing = { stage: "preview", script: ["echo 'no stack is concerned'"], before_script: [] };
  return pipelineText(mode, source, {
    ...Object.fromEntries(hidden),
    ...(jobs.length === 0 ? { nothing } : Object.fromEntries(jobs)),
    ...gathering.jobs("apply"),
    ...Object.fromEntries(sums.map((kind) => [kind, summaryOf(kind, entries, part)])),
  });
}

interface PartNumber {
  number: number;
  of: number;
  awaited: boolean;
}

/** Returns the text of a pipeline with these jobs. */
function pipelineText(mode: Mode, source: string, jobs: Record<string, unknown>): string {
  const parent = parse(source, { merge: true }) as Record<string, unknown>;
  const document = {
    stages,
    // The parent has already decided that there is a pipeline.
    workflow: { ...cancelSetting(mode), rules: [{ when: "always" }] },
    variables: parent["variables"],
    default: parent["default"],
    ...jobs,
  };
  const head = "# Written by: npx platform stacks pipeline\n";
  return head + stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** Returns the setting with which a later commit cancels only previews. */
function cancelSetting(mode: Mode): object {
  return mode === "preview" ? {} : { auto_cancel: { on_new_commit: "none" } };
}

/** Returns the pipeline file in the project's folder. */
export function parentPipeline(): string {
  return readFileSync(".gitlab-ci.yml", "utf8");
}

function jobOf(
  kind: string,
  { name, config }: StackEntry,
  before: string[],
  gathering: GatheringJobs,
  awaited: boolean,
): Job {
  const cluster = config["platform:cluster"];
  const kubeconfig = isMap(cluster) ? cluster["kubeconfig"] : undefined;
  return {
    extends: `.${kind}`,
    variables: { STACK: name, KUBECONFIG_PATH: kubeconfig ?? ".kube/config" },
    // GitLab drops every job in a protected environment that the user may not deploy to. Jobs that only read
    // therefore have a separate, unprotected environment with read-only keys.
    environment:
      kind === "up" ? { name, action: "start" } : { name: `${name}-preview`, action: "access" },
    needs: kind === "up" ? [`plan:${name}`, ...gathering.reduceNeeds(before, maxNeeds - 1)] : [],
    ...(kind === "up" ? { when: "manual" } : {}),
    // Without it, a pipeline is complete although a manual job has not run.
    ...(kind === "up" && awaited ? { allow_failure: false } : {}),
  };
}

/**
 * Returns the job that sums up the previews. Its stage comes after all of them, because `needs` can name only
 * 50 jobs.
 */
function summaryOf(kind: string, entries: StackEntry[], part?: PartNumber): Job {
  const names = entries.map(({ name }) => name).join(" ");
  const number = part && { PART: `${part.number}/${part.of}` };
  return { extends: `.${kind}`, variables: { STACKS: names, ...number } };
}

/** Returns a hidden job, merged with everything that it extends, as GitLab does. */
function resolveJob(parent: Record<string, unknown>, name: string): Job {
  const own = parent[name];
  if (!isMap(own)) throw new Error(`.gitlab-ci.yml: expected a job ${name}, got none`);
  const parents = [own["extends"] ?? []].flat().map((each) => resolveJob(parent, String(each)));
  return [...parents, own].reduce<Job>(
    (merged, part) => ({
      ...merged,
      ...part,
      variables: { ...(merged["variables"] as object), ...(part["variables"] as object) },
    }),
    {},
  );
}

/**
 * Removes the fields that decide whether a job runs and after which others: they differ in the child pipeline.
 */
function plain(job: Job): Job {
  const others = Object.entries(job).filter(
    ([key]) => !["rules", "extends", "needs"].includes(key),
  );
  return Object.fromEntries(others);
}
