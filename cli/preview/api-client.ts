import { setTimeout as sleep } from "node:timers/promises";
import { requestReasonOf } from "../../config/reason";
import { isLimited, isUncertain, maxWaitMs, pauseBefore } from "./retries";

/** How to call the API of a Git server. */
export interface ApiArgs {
  /** Its name in errors: `GitLab`, `The API`. */
  name: string;
  /** URL in front of every path. */
  base: string;
  /** Headers of every request; never shown. */
  headers: Record<string, string>;
  /** What a token must allow, for responses that refuse it. */
  tokenHint: string;
  /** Waits this number of milliseconds. Default: a timer. */
  pause?: (milliseconds: number) => Promise<unknown>;
}

/** A response that refuses a request. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A response of the server. */
export interface Answer {
  status: number;
  body: unknown;
  headers: Headers;
}

/** Timeout for one response, milliseconds. */
const timeoutMs = 30_000;
/** Maximum page size of GitLab and GitHub; Gitea returns all. */
const pageSize = 100;
/** Maximum number of pages that are read. */
const maxPages = 100;

/** Client of a Git server's API, for single requests and for all pages of a list. */
export class ApiClient {
  constructor(private readonly args: ApiArgs) {}

  /**
   * Sends a request. If the server is overloaded, the request is repeated for at most {@link maxWaitMs}.
   * @param refusals statuses that are not an error.
   * @throws {@link ApiError} with the server's own message, and without the token.
   */
  async ask(
    method: "GET" | "POST" | "PUT" | "PATCH",
    path: string,
    body?: object,
    refusals: readonly number[] = [],
  ): Promise<Answer> {
    const { name, tokenHint, pause = sleep } = this.args;
    let left = maxWaitMs;
    for (let attempt = 0; ; attempt += 1) {
      const { ok, status, headers, text } = await this.send(method, path, body);
      const refused = { status, headers, text };
      if (ok) return { status, body: text === "" ? undefined : JSON.parse(text), headers };
      const wait = pauseBefore(refused, method, attempt, Date.now());
      if (wait !== undefined && wait <= left) {
        left -= wait;
        await pause(wait);
        continue;
      }
      if (refusals.includes(status)) return { status, body: undefined, headers };
      const isAboutToken = [401, 403].includes(status) && !isLimited(refused);
      const later = wait === undefined ? "" : `. Try again in ${Math.ceil(wait / 1000)} s`;
      throw new ApiError(
        status,
        `${name} answered ${status} to ${method} ${path}: ${text.slice(0, 300)}${isAboutToken ? `. ${tokenHint}` : later}`,
      );
    }
  }

  private async send(
    method: string,
    path: string,
    body: object | undefined,
  ): Promise<{ ok: boolean; status: number; headers: Headers; text: string }> {
    const { name, base, headers: own } = this.args;
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "platform-preview",
        ...own,
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      throw new Error(`${name} at ${base} does not answer: ${requestReasonOf(error)}.`);
    });
    const { ok, status, headers } = response;
    return { ok, status, headers, text: await response.text() };
  }

  /** Yields the pages of a list. A header of the response says whether another page follows. */
  async *pages(path: string): AsyncGenerator {
    const query = path.includes("?") ? "&" : "?";
    for (let page = 1; page <= maxPages; page += 1) {
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

/** A comment by the token's own account. */
export interface OwnComment {
  id: number;
  body: string;
  /** URL of the comment. */
  url?: string;
}

/** The comments of a merge or pull request. */
export interface Comments {
  /** Comments by the token's own account, the oldest first. Comments by others are ignored. */
  own(): AsyncIterable<OwnComment>;
  create(body: string): Promise<void>;
  update(id: number, body: string): Promise<void>;
}

/**
 * Updates the comment with this marker, or creates it.
 * @param marker text that identifies the comment; the last line of its body.
 */
export async function putComment(
  comments: Comments,
  marker: string,
  body: string,
): Promise<"created" | "updated"> {
  if (await replaceComment(comments, marker, body)) return "updated";
  try {
    await comments.create(body);
  } catch (error) {
    if (!(error instanceof ApiError && isUncertain(error.status))) throw error;
    // The server may have created it before it reported the failure.
    if (!(await replaceComment(comments, marker, body))) await comments.create(body);
  }
  return "created";
}

/**
 * Returns whether a marker identifies a comment: only its last line does, because a comment may quote values that
 * contain the marker of another one.
 */
export function isMarked(body: string, marker: string): boolean {
  return lastLine(body) === marker;
}

/** Returns the last line of a comment, without the spaces and empty lines that a server may have added. */
export function lastLine(body: string): string {
  return body.trimEnd().split("\n").at(-1)?.trim() ?? "";
}

/** Updates the comment with this marker. Returns whether there is one. */
export async function replaceComment(
  comments: Comments,
  marker: string,
  body: string,
): Promise<boolean> {
  for await (const comment of comments.own()) {
    if (!isMarked(comment.body, marker)) continue;
    await comments.update(comment.id, body);
    return true;
  }
  return false;
}
