/** How the API of a git server is asked. */
export interface ApiArgs {
  /** As errors name it: `GitLab`, `The API`. */
  name: string;
  /** Address before every path. */
  base: string;
  /** Sent with every request; never shown. */
  headers: Record<string, string>;
  /** What a token must be like, for an answer that refuses it. */
  tokenHint: string;
}

/** An answer of the server. */
export interface Answer {
  status: number;
  body: unknown;
  headers: Headers;
}

/** Milliseconds that the server has for one answer. */
const timeoutMs = 30_000;
/** The most that GitLab and GitHub give at once; Gitea gives all. */
const pageSize = 100;
/** Most pages that are looked through. */
const mostPages = 100;

/** The API of a git server: one request, or all pages of a list. */
export class ApiClient {
  constructor(private readonly args: ApiArgs) {}

  /**
   * Asks the server.
   * @param refusals statuses that are an answer like any other.
   * @throws Error with the server's own words, and without the token.
   */
  async ask(
    method: "GET" | "POST" | "PUT" | "PATCH",
    path: string,
    body?: object,
    refusals: readonly number[] = [],
  ): Promise<Answer> {
    const { name, base, headers, tokenHint } = this.args;
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "platform-preview",
        ...headers,
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      throw new Error(`${name} at ${base} does not answer: ${String(cause)}.`);
    });
    const { status } = response;
    const text = await response.text();
    if (!response.ok && !refusals.includes(status)) {
      const hint = [401, 403].includes(status) ? `. ${tokenHint}` : "";
      throw new Error(
        `${name} answered ${status} to ${method} ${path}: ${text.slice(0, 300)}${hint}`,
      );
    }
    const parsed: unknown = response.ok && text !== "" ? JSON.parse(text) : undefined;
    return { status, body: parsed, headers: response.headers };
  }

  /** Yields the pages of a list. A header of the response says whether another page follows. */
  async *pages(path: string): AsyncGenerator {
    const query = path.includes("?") ? "&" : "?";
    for (let page = 1; page <= mostPages; page += 1) {
      const { body, headers } = await this.ask(
        "GET",
        `${path}${query}per_page=${pageSize}&page=${page}`,
      );
      yield body;
      const link = headers.get("link") ?? "";
      const isMore =
        (headers.get("x-next-page") ?? "") !== "" || /<[^>]+>;\s*rel="next"/.test(link);
      if (!isMore) return;
    }
  }
}

/** A comment that the token's own account wrote. */
export interface OwnComment {
  id: number;
  body: string;
  /** Where a reader finds it. */
  url?: string;
}

/** The comments of a merge or pull request. */
export interface Comments {
  /** Those of the token's own account, the oldest first: what others write is no comment of ours. */
  own(): AsyncIterable<OwnComment>;
  create(body: string): Promise<void>;
  update(id: number, body: string): Promise<void>;
}

/**
 * Writes the comment with this marker again, or for the first time.
 * @param marker text by which the comment is found again.
 */
export async function putComment(
  comments: Comments,
  marker: string,
  body: string,
): Promise<"created" | "updated"> {
  for await (const comment of comments.own()) {
    if (!comment.body.includes(marker)) continue;
    await comments.update(comment.id, body);
    return "updated";
  }
  await comments.create(body);
  return "created";
}
