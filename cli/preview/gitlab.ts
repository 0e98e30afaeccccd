import { z } from "zod";

/** Where to leave comments, as GitLab tells its jobs. */
export interface MergeRequest {
  /** For example `https://gitlab.example.com/api/v4`. */
  api: string;
  project: string;
  number: string;
  /** Token with the scope `api`; it is only ever sent, never shown. */
  token: string;
}

/** Milliseconds that GitLab has for one answer. */
const patience = 30_000;

/** The most that GitLab gives at once. */
const pageSize = 100;

const notes = z.array(
  z.object({
    id: z.int(),
    body: z.string(),
    system: z.boolean().default(false),
    author: z.object({ id: z.int() }),
  }),
);

/** The merge request of the present job. */
export function mergeRequestOf(environment: NodeJS.ProcessEnv): MergeRequest {
  const names = ["CI_API_V4_URL", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID", "GITLAB_TOKEN"] as const;
  const missing = names.filter((name) => (environment[name] ?? "") === "");
  if (missing.length > 0) {
    throw new Error(
      `The comment cannot be posted: ${missing.join(", ")} not set. GitLab sets all but GITLAB_TOKEN in pipelines of merge requests; that one is a project access token with the scope api, as a masked variable.`,
    );
  }
  const [api = "", project = "", number = "", token = ""] = names.map((name) => environment[name]);
  return { api, project, number, token };
}

/**
 * Writes the comment with this marker anew, or for the first time.
 * @param marker text by which the comment is found again.
 */
export async function postComment(
  where: MergeRequest,
  marker: string,
  body: string,
): Promise<"created" | "updated"> {
  const id = await formerComment(where, marker);
  if (id === undefined) {
    await ask(where, "POST", notesPath(where), { body });
    return "created";
  }
  await ask(where, "PUT", `${notesPath(where)}/${id}`, { body });
  return "updated";
}

/** Only one's own comment counts: whoever writes a marker into another one gets no reply in it. */
async function formerComment(where: MergeRequest, marker: string): Promise<number | undefined> {
  const { body } = await ask(where, "GET", "/user");
  const { id: self } = z.object({ id: z.int() }).parse(body);
  for (let page = "1"; page !== "";) {
    const path = `${notesPath(where)}?sort=asc&order_by=created_at&per_page=${pageSize}&page=${page}`;
    const { body: list, next } = await ask(where, "GET", path);
    const found = notes
      .parse(list)
      .find((note) => !note.system && note.author.id === self && note.body.includes(marker));
    if (found !== undefined) return found.id;
    page = next;
  }
  return undefined;
}

function notesPath({ project, number }: MergeRequest): string {
  const [id, iid] = [encodeURIComponent(project), encodeURIComponent(number)];
  return `/projects/${id}/merge_requests/${iid}/notes`;
}

/** Asks GitLab; the next page's number is empty on the last page. */
async function ask(
  { api, token }: MergeRequest,
  method: "GET" | "POST" | "PUT",
  path: string,
  body?: object,
): Promise<{ body: unknown; next: string }> {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: { "PRIVATE-TOKEN": token, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(patience),
  }).catch((error: unknown) => {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw new Error(`GitLab at ${api} does not answer: ${String(cause)}.`);
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(
      `GitLab answered ${response.status} to ${method} ${path}: ${text.slice(0, 300)}${hint(response.status)}`,
    );
  }
  return { body: JSON.parse(text), next: response.headers.get("x-next-page") ?? "" };
}

function hint(status: number): string {
  return status === 401 || status === 403
    ? ". GITLAB_TOKEN must be valid, with the scope api and the role Reporter or higher."
    : "";
}
