import { reasonOf } from "../../config/reason";
import { mergeRequestAuthor, mergeRequestOf } from "../preview/gitlab";

/** Author of the merge request that the current job belongs to, or why CI does not name one. */
export type Author = { login: string } | { unknown: string };

/** Variables of each CI system: one that exists only for merge requests, and one with the author. */
const systems = [
  { request: "CI_MERGE_REQUEST_IID", author: "GITLAB_USER_LOGIN" },
  // Jenkins sets them only for branches of a source that knows merge requests, not for those of plain Git.
  { request: "CHANGE_ID", author: "CHANGE_AUTHOR" },
  // GitHub and Gitea set it only in jobs of a pull request.
  { request: "GITHUB_HEAD_REF", author: "GITHUB_ACTOR" },
] as const;

/**
 * Returns the author of the current merge request; undefined outside of one. Where no variable names the author, as in
 * the Jenkins of this project, GitLab is asked.
 */
export async function authorOf(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Author | undefined> {
  const proposed = systems.filter(({ request }) => environment[request]);
  if (proposed.length === 0) return undefined;
  const login = proposed.map(({ author }) => environment[author]).find(Boolean);
  if (login !== undefined) return { login };
  try {
    return { login: await mergeRequestAuthor(mergeRequestOf(environment)) };
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
}
