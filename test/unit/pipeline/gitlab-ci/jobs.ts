import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

export interface Job {
  extends?: string | string[];
  stage?: string;
  script?: string[];
  before_script?: string[];
  needs?: (string | { job: string })[];
  rules?: { if: string; when?: string; variables?: Record<string, string> }[];
  variables?: Record<string, string>;
  resource_group?: string;
  interruptible?: boolean;
  when?: string;
  allow_failure?: { exit_codes: number[] };
  artifacts?: { paths: string[]; reports: Record<string, string> };
  environment?: { name: string; action: string };
  cache?: { paths: string[] }[];
  timeout?: string;
  trigger?: { strategy?: string; include: { artifact: string; job: string }[] };
}

const keywords = ["stages", "workflow", "variables", "default"];

export const document = parse(readFileSync(".gitlab-ci.yml", "utf8"), { merge: true }) as Record<
  string,
  unknown
> & {
  stages: string[];
  default: Job;
  variables: Record<string, string>;
  workflow: { rules: { if: string; auto_cancel?: { on_new_commit: string } }[] };
};

export const definitions = Object.fromEntries(
  Object.entries(document).filter(([name]) => !keywords.includes(name)),
) as Record<string, Job>;

/** Returns a job with everything that it extends, merged like in GitLab: maps by key, all other values as a whole. */
export function job(name: string, among: Record<string, Job> = definitions): Job {
  const own = among[name];
  assert.ok(own !== undefined, `there is no job ${name}`);
  const parents = [own.extends ?? []].flat().map((each) => job(each, among));
  return [...parents, own].reduce<Job>(
    (merged, part) => ({
      ...merged,
      ...part,
      variables: { ...merged.variables, ...part.variables },
    }),
    {},
  );
}
