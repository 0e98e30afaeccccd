import { z } from "zod";
import { ApiClient, type Comments, type OwnComment } from "./api-client";

/** Where to post comments on GitHub, or on Gitea, whose API has the same paths. */
export interface PullRequest {
  /** `https://api.github.com`, or `https://gitea.example.com/api/v1`. */
  api: string;
  /** `owner/name`. */
  repository: string;
  number: string;
  /** Token that may write comments. It is only sent, never shown. */
  token: string;
  /** Login of a job's token, which cannot query its own login. */
  bot: string;
}

const comments = z.array(
  z.object({
    id: z.int(),
    body: z.string().nullish(),
    html_url: z.string().nullish(),
    user: z.object({ login: z.string() }).nullish(),
  }),
);

/** Returns the pull request of the current job of GitHub Actions or Gitea Actions. */
export function pullRequestOf(environment: NodeJS.ProcessEnv): PullRequest {
  const { GITHUB_API_URL: api = "", GITHUB_REPOSITORY: repository = "" } = environment;
  const { GITHUB_REF: reference = "", GITHUB_TOKEN: token = "" } = environment;
  const number = /^refs\/pull\/(\d+)\//.exec(reference)?.[1] ?? "";
  const missing = Object.entries({
    GITHUB_API_URL: api,
    GITHUB_REPOSITORY: repository,
    "GITHUB_REF (refs/pull/<number>/…)": number,
    GITHUB_TOKEN: token,
  }).flatMap(([name, value]) => (value === "" ? [name] : []));
  if (missing.length > 0) {
    throw new Error(
      `The comment cannot be posted: ${missing.join(", ")} not set. Jobs of pull requests have all of them except GITHUB_TOKEN; give the step this token, with the permission pull-requests: write.`,
    );
  }
  const bot = environment.GITEA_ACTIONS === "true" ? "gitea-actions" : "github-actions[bot]";
  return { api, repository, number, token, bot };
}

/** Returns the comments of a pull request. */
export function pullRequestComments({
  api,
  repository,
  number,
  token,
  bot,
}: PullRequest): Comments {
  const client = new ApiClient({
    name: "The API",
    base: api,
    headers: {
      Accept: "application/vnd.github+json, application/json",
      Authorization: `Bearer ${token}`,
    },
    tokenHint: "GITHUB_TOKEN must be valid and have the permission pull-requests: write.",
  });
  const issues = `/repos/${repository}/issues`;
  return {
    own: () => ownComments(client, `${issues}/${number}/comments`, bot),
    create: async (body) =>
      void (await client.ask("POST", `${issues}/${number}/comments`, { body })),
    update: async (id, body) =>
      void (await client.ask("PATCH", `${issues}/comments/${id}`, { body })),
  };
}

async function* ownComments(
  client: ApiClient,
  path: string,
  bot: string,
): AsyncGenerator<OwnComment> {
  const self = await loginOf(client, bot);
  for await (const page of client.pages(path)) {
    for (const { id, body, html_url: url, user } of comments.parse(page)) {
      if (user?.login === self) yield { id, body: body ?? "", url: url ?? undefined };
    }
  }
}

/** Returns the token's own login. A job's token belongs to no user, and is refused by this request. */
async function loginOf(client: ApiClient, bot: string): Promise<string> {
  const { body, status } = await client.ask("GET", "/user", undefined, [401, 403, 404]);
  return status === 200 ? z.object({ login: z.string() }).parse(body).login : bot;
}
