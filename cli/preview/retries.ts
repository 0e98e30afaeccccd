/** Maximum time that one request may wait in total, milliseconds. A rate limit of an hour is not waited for. */
export const maxWaitMs = 5 * 60_000;

/** First pause without a header, milliseconds; each further one is twice as long. */
const firstPauseMs = 1000;
/** Pause after a secondary rate limit of GitHub without a header: its documentation says at least one minute. */
const limitPauseMs = 60_000;

/** The part of a response that decides whether the request is sent again. */
export interface Refused {
  status: number;
  headers: Headers;
  text: string;
}

/** Returns whether a server refuses a request because there were too many of them. It did not handle the request. */
export function isLimited({ status, headers, text }: Refused): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const exhausted = limitHeader(headers, "remaining") === "0";
  return exhausted || headers.has("retry-after") || /rate limit/i.test(text);
}

/**
 * Returns how long to wait before a request is sent again, milliseconds; undefined if it would fail again.
 * @param method a POST may have been handled although a gateway reports 502 or 504, and is not sent again then.
 * @param attempt number of attempts that failed before.
 */
export function pauseBefore(
  refused: Refused,
  method: string,
  attempt: number,
  now: number,
): number | undefined {
  const limited = isLimited(refused);
  if (!limited && refused.status !== 503 && !(isUncertain(refused.status) && method !== "POST")) {
    return undefined;
  }
  const doubled = firstPauseMs * 2 ** attempt;
  return (
    askedPause(refused.headers, limited, now) ?? Math.max(limited ? floorOf(refused) : 0, doubled)
  );
}

/** Returns whether the server may have handled a request although it reports this status. */
export function isUncertain(status: number): boolean {
  return status === 502 || status === 504;
}

function floorOf({ status }: Refused): number {
  return status === 403 ? limitPauseMs : 0;
}

/** Returns the pause that the headers name, milliseconds. */
function askedPause(headers: Headers, limited: boolean, now: number): number | undefined {
  const after = headers.get("retry-after");
  if (after !== null) {
    const until = /^\d+$/.test(after) ? now + Number(after) * 1000 : Date.parse(after);
    if (!Number.isNaN(until)) return Math.max(0, until - now);
  }
  const reset = Number(limitHeader(headers, "reset") ?? NaN);
  if (!limited || Number.isNaN(reset) || limitHeader(headers, "remaining") !== "0")
    return undefined;
  return Math.max(0, reset * 1000 - now);
}

/** Returns a header about the rate limit, with the name of GitHub or of GitLab. */
function limitHeader(headers: Headers, name: "remaining" | "reset"): string | undefined {
  return headers.get(`x-ratelimit-${name}`) ?? headers.get(`ratelimit-${name}`) ?? undefined;
}
