import { reasonOf } from "../../config/reason";
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
 * Posts a comment, and writes to the log what became of it. If everything that the comment says is also in the report of
 * the job, a failure is only a warning: the comment that sums up all stacks still names the result.
 * @param reported whether the job has such a report.
 * @throws Error if it cannot be posted and there is no report.
 */
export async function postLogged(
  post: Post,
  marker: string,
  body: string,
  reported: boolean,
  log: (line: string) => void = console.error,
): Promise<void> {
  try {
    log(`comment ${await post(marker, body)}`);
  } catch (error) {
    if (!reported) throw error;
    log(`warning: the comment was not posted: ${reasonOf(error)}`);
  }
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
