import { z } from "zod";
import { ApiClient, type Comments, type OwnComment } from "./api-client";

/** Where to post comments, from the variables of GitLab jobs. */
export interface MergeRequest {
  /** For example `https://gitlab.example.com/api/v4`. */
  api: string;
  project: string;
  number: string;
  /** Token with the scope `api`. It is only sent, never shown. */
  token: string;
  /** URL of the project's web UI, for links to comments. Default: no links. */
  page?: string;
}

const notes = z.array(
  z.object({
    id: z.int(),
    body: z.string(),
    system: z.boolean().default(false),
    author: z.object({ id: z.int() }),
  }),
);

/** Returns the merge request of the current job. */
export function mergeRequestOf(environment: NodeJS.ProcessEnv): MergeRequest {
  const names = ["CI_API_V4_URL", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID", "GITLAB_TOKEN"] as const;
  const missing = names.filter((name) => (environment[name] ?? "") === "");
  if (missing.length > 0) {
    throw new Error(
      `The merge request cannot be reached: ${missing.join(", ")} not set. GitLab sets all of them except GITLAB_TOKEN in pipelines of merge requests; set GITLAB_TOKEN to a project access token with the scope api, as a masked variable.`,
    );
  }
  const [api = "", project = "", number = "", token = ""] = names.map((name) => environment[name]);
  const page = environment["CI_MERGE_REQUEST_PROJECT_URL"] ?? environment["CI_PROJECT_URL"];
  return { api, project, number, token, ...(page === undefined ? {} : { page }) };
}

/** Returns the comments of a merge request. */
export function mergeRequestComments({
  api,
  project,
  number,
  token,
  page,
}: MergeRequest): Comments {
  const client = clientOf({ api, token });
  const path = `${pathOf({ project, number })}/notes`;
  const address = (note: number) =>
    page && `${page}/-/merge_requests/${encodeURIComponent(number)}#note_${note}`;
  return {
    own: () => ownNotes(client, path, address),
    create: async (body) => void (await client.ask("POST", path, { body })),
    update: async (note, body) => void (await client.ask("PUT", `${path}/${note}`, { body })),
  };
}

/**
 * Returns the login of the author of a merge request.
 * @throws Error with the server's own message.
 */
export async function mergeRequestAuthor(request: MergeRequest): Promise<string> {
  const { body } = await clientOf(request).ask("GET", pathOf(request));
  return z.object({ author: z.object({ username: z.string().min(1) }) }).parse(body).author
    .username;
}

function clientOf({ api, token }: Pick<MergeRequest, "api" | "token">): ApiClient {
  return new ApiClient({
    name: "GitLab",
    base: api,
    headers: { "PRIVATE-TOKEN": token },
    tokenHint: "GITLAB_TOKEN must be valid, with the scope api and the role Reporter or higher.",
  });
}

function pathOf({ project, number }: Pick<MergeRequest, "project" | "number">): string {
  return `/projects/${encodeURIComponent(project)}/merge_requests/${encodeURIComponent(number)}`;
}

async function* ownNotes(
  client: ApiClient,
  path: string,
  address: (note: number) => string | undefined,
): AsyncGenerator<OwnComment> {
  const { body } = await client.ask("GET", "/user");
  const { id: self } = z.object({ id: z.int() }).parse(body);
  for await (const page of client.pages(`${path}?sort=asc&order_by=created_at`)) {
    for (const note of notes.parse(page)) {
      if (note.system || note.author.id !== self) continue;
      yield { id: note.id, body: note.body, url: address(note.id) };
    }
  }
}
