import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { isMap } from "../../config/is-map";
import type { StackEntry } from "../stacks/discover";
import { needsOf } from "../stacks/needs";

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

/**
 * Returns a child pipeline with the jobs of each stack. It repeats the hidden jobs of the project's own
 * pipeline, so that there is only one way to work on a stack. A job waits for every other job on the same
 * stack.
 * @param entries the stacks that the change concerns.
 */
export function childPipeline(mode: Mode, entries: StackEntry[], source: string): string {
  const parent = parse(source, { merge: true }) as Record<string, unknown>;
  const kinds = modes[mode];
  const sums = mode === "preview" && entries.length > 0 ? (["summary"] as const) : [];
  const hidden = [...kinds, ...sums].map(
    (kind) => [`.${kind}`, plain(resolved(parent, `.${kind}`))] as const,
  );
  const needs = needsOf(entries);
  const jobs = entries.flatMap((entry) =>
    kinds.map(
      (kind) => [`${kind}:${entry.name}`, jobOf(kind, entry, needs.get(entry) ?? [])] as const,
    ),
  );
  const nothing = { stage: "preview", script: ["echo 'no stack is concerned'"], before_script: [] };
  const document = {
    stages,
    // The parent has already decided that there is a pipeline.
    workflow: { ...uncanceled(mode), rules: [{ when: "always" }] },
    variables: parent["variables"],
    default: parent["default"],
    ...Object.fromEntries(hidden),
    ...(jobs.length === 0 ? { nothing } : Object.fromEntries(jobs)),
    ...Object.fromEntries(sums.map((kind) => [kind, summaryOf(kind, entries)])),
  };
  const head = "# Written by: npx platform stacks pipeline\n";
  return head + stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** Returns the setting with which a later commit cancels only previews. */
function uncanceled(mode: Mode): object {
  return mode === "preview" ? {} : { auto_cancel: { on_new_commit: "none" } };
}

/** Returns the pipeline file in the project's folder. */
export function parentPipeline(): string {
  return readFileSync(".gitlab-ci.yml", "utf8");
}

function jobOf(kind: string, entry: StackEntry, needed: StackEntry[]): Job {
  const { name, config } = entry;
  const cluster = config["platform:cluster"];
  const kubeconfig = isMap(cluster) ? cluster["kubeconfig"] : undefined;
  const before = needed.map((other) => `${kind}:${other.name}`);
  return {
    extends: `.${kind}`,
    variables: { STACK: name, KUBECONFIG_PATH: kubeconfig ?? ".kube/config" },
    // GitLab drops every job in a protected environment that the user may not deploy to. Jobs that only read
    // therefore have a separate, unprotected environment with read-only keys.
    environment:
      kind === "up" ? { name, action: "start" } : { name: `${name}-preview`, action: "access" },
    needs: kind === "up" ? [`plan:${name}`, ...before] : [],
    ...(kind === "up" ? { when: "manual" } : {}),
  };
}

/**
 * Returns the job that sums up the previews. Its stage comes after all of them, because `needs` can name only
 * 50 jobs.
 */
function summaryOf(kind: string, entries: StackEntry[]): Job {
  return { extends: `.${kind}`, variables: { STACKS: entries.map(({ name }) => name).join(" ") } };
}

/** Returns a hidden job, merged with everything that it extends, as GitLab does. */
function resolved(parent: Record<string, unknown>, name: string): Job {
  const own = parent[name];
  if (!isMap(own)) throw new Error(`.gitlab-ci.yml: expected a job ${name}, got none`);
  const parents = [own["extends"] ?? []].flat().map((each) => resolved(parent, String(each)));
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
