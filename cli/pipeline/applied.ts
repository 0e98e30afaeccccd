import { z } from "zod";
import { ApiClient } from "../preview/api-client";
import type { Git } from "../preview/commits";
import { runJobs } from "../stacks/workers";

/** The commit that was last applied to each stack. The state of stacks that are not in it is unknown. */
export type Applied = ReadonlyMap<string, string>;

/** Requests at a time: one for each stack, far below the rate limits of GitLab. */
const parallel = 8;

const runs = z.object({ workflow_runs: z.array(z.object({ head_sha: z.string() })) });
const deployments = z.array(z.object({ sha: z.string() }));

/**
 * Returns the commits that were applied to stacks, from what the CI system itself recorded: the last successful
 * deployment of each environment on GitLab, and the last push on GitHub of which all updates succeeded.
 * @throws Error if the CI system does not answer, or if neither GitLab nor GitHub runs this job.
 */
export async function appliedCommits(
  stacks: readonly string[],
  environment: NodeJS.ProcessEnv,
  git: Git,
): Promise<Applied> {
  if (environment["GITHUB_REPOSITORY"]) return ofPushes(stacks, environment, git);
  if (environment["CI_API_V4_URL"]) return ofDeployments(stacks, environment);
  throw new Error("neither GitLab nor GitHub runs this command");
}

/**
 * Returns for all stacks the newest commit that a push brought to this branch and of which every update succeeded. By
 * the same rule, that push updated whatever had been pending before it.
 */
async function ofPushes(
  stacks: readonly string[],
  environment: NodeJS.ProcessEnv,
  git: Git,
): Promise<Applied> {
  const repository = requiredVariable(environment, "GITHUB_REPOSITORY");
  // Such as company/platform/.github/workflows/platform.yml@refs/heads/main.
  const reference = requiredVariable(environment, "GITHUB_WORKFLOW_REF");
  const file = /\/([^/@]+)@/.exec(reference)?.[1] ?? reference;
  const client = new ApiClient({
    name: "The API",
    base: requiredVariable(environment, "GITHUB_API_URL"),
    headers: {
      Accept: "application/vnd.github+json",
      Authorization: `Bearer ${requiredVariable(environment, "GITHUB_TOKEN")}`,
    },
    tokenHint: "GITHUB_TOKEN must be valid and have the permission actions: read.",
  });
  const branch = encodeURIComponent(requiredVariable(environment, "GITHUB_REF_NAME"));
  const query = `branch=${branch}&event=push&status=success`;
  const path = `/repos/${repository}/actions/workflows/${encodeURIComponent(file)}/runs?${query}`;
  for await (const page of client.pages(path)) {
    for (const { head_sha: commit } of runs.parse(page).workflow_runs) {
      // A run that is started again must not find a later run here.
      if (!isBefore(commit, git)) continue;
      return new Map(stacks.map((stack) => [stack, commit]));
    }
  }
  return new Map();
}

/** Returns for each stack the commit of the last successful job that updated it, in whichever pipeline. */
async function ofDeployments(
  stacks: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Applied> {
  const client = new ApiClient({
    name: "GitLab",
    base: requiredVariable(environment, "CI_API_V4_URL"),
    headers: { "PRIVATE-TOKEN": requiredVariable(environment, "GITLAB_TOKEN") },
    tokenHint: "GITLAB_TOKEN must be valid, with the scope api and the role Reporter or higher.",
  });
  const project = encodeURIComponent(requiredVariable(environment, "CI_PROJECT_ID"));
  const found = new Map<string, string>();
  await runJobs(
    [...stacks],
    parallel,
    () => [],
    async (stack) => {
      const query = `environment=${encodeURIComponent(stack)}&status=success`;
      const path = `/projects/${project}/deployments?${query}&order_by=id&sort=desc&per_page=1`;
      const { body } = await client.ask("GET", path);
      const [last] = deployments.parse(body);
      if (last !== undefined) found.set(stack, last.sha);
    },
  );
  return found;
}

function isBefore(commit: string, git: Git): boolean {
  const base = git("merge-base", commit, "HEAD");
  return base !== undefined && base === commit;
}

function requiredVariable(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name] ?? "";
  if (value === "") throw new Error(`${name} is not set`);
  return value;
}
