import { putComment, type Comments } from "./api-client";
import { pullRequestComments, pullRequestOf } from "./github";
import { mergeRequestComments, mergeRequestOf } from "./gitlab";

/** Posts a comment for the current job, and replaces the former one. */
export type Post = (marker: string, body: string) => Promise<"created" | "updated">;

/** @see {@link commentsOf} */
export function posting(environment: NodeJS.ProcessEnv): Post {
  const comments = commentsOf(environment);
  return (marker, body) => putComment(comments, marker, body);
}

/**
 * Returns the comments of the current job's request: on GitLab, or on GitHub and Gitea, whose jobs have the
 * same variables.
 * @throws Error that names what is missing.
 */
export function commentsOf(environment: NodeJS.ProcessEnv): Comments {
  return (environment.GITHUB_ACTIONS ?? environment.GITEA_ACTIONS) === "true"
    ? pullRequestComments(pullRequestOf(environment))
    : mergeRequestComments(mergeRequestOf(environment));
}

/** Returns the URL of the current job, if the CI system provides it. */
export function jobUrl(environment: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = environment;
  const { GITHUB_RUN_ID: run } = environment;
  const github = server && repository && run && `${server}/${repository}/actions/runs/${run}`;
  return environment.CI_JOB_URL ?? (github || environment.BUILD_URL);
}
