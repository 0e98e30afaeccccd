// Shared functions of the scripts of bootstrap Jobs. Plain Node.js without packages, because the Job mounts these files
// into a stock image. Running a script again is safe: it writes only what differs.
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

/** Exit code that makes the Job fail immediately, without retries. */
const permanentErrorExitCode = 2;

/** An error that no retry can fix, for example a wrong password. */
export class PermanentError extends Error {}

/** Returns the settings that the Job was declared with. */
export function settings() {
  return JSON.parse(readFileSync(variable("BOOTSTRAP_SETTINGS"), "utf8"));
}

/** Returns a secret, read from its mounted file. */
export function secret(name) {
  return readFileSync(join(variable("BOOTSTRAP_SECRETS"), name), "utf8").trim();
}

/** A client of an HTTP API, as one user. */
export class Api {
  #headers;

  /**
   * @param user name and password for basic authentication; omitted for anonymous requests.
   * @param headers additional headers of every request.
   */
  constructor(url, user, headers = {}) {
    this.url = url;
    const basic = user && Buffer.from(`${user.name}:${user.password}`).toString("base64");
    this.#headers = { ...headers, ...(basic ? { authorization: `Basic ${basic}` } : {}) };
  }

  /** Returns the status of a GET, or 0 if there is no response. */
  async status(path) {
    try {
      const response = await this.#fetch("GET", path);
      await response.body?.cancel();
      return response.status;
    } catch {
      return 0;
    }
  }

  /** Returns the JSON body of the response to a GET; undefined if the status is 404 or there is no JSON. */
  async get(path) {
    return this.#answer("GET", path, await this.#fetch("GET", path));
  }

  /**
   * Sends a request with a body: a string or a form as it is, anything else as JSON.
   * @param absent statuses that mean that the object does not exist; the result is undefined then.
   */
  async send(method, path, body, absent = []) {
    const response = await this.#fetch(method, path, body);
    if (absent.includes(response.status)) {
      await response.body?.cancel();
      return undefined;
    }
    return this.#answer(method, path, response, true);
  }

  #fetch(method, path, body) {
    const text = typeof body === "string";
    const isForm = body instanceof globalThis.FormData;
    const type = text ? "text/plain" : "application/json";
    return globalThis.fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...this.#headers,
        accept: "application/json",
        // The content type of a form contains the boundary between its parts, so fetch sets it.
        ...(body === undefined || isForm ? {} : { "content-type": type }),
      },
      body: text || isForm || body === undefined ? body : JSON.stringify(body),
      signal: globalThis.AbortSignal.timeout(60_000),
    });
  }

  async #answer(method, path, response, mustExist = false) {
    const text = await response.text();
    if (response.status === 404 && !mustExist) return undefined;
    if (!response.ok) {
      throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
    }
    return /json/.test(response.headers.get("content-type") ?? "") && text !== ""
      ? JSON.parse(text)
      : undefined;
  }
}

/**
 * Waits until `ready` returns true.
 * @throws Error if that takes more than `seconds`.
 */
export async function waitFor(what, ready, { seconds = 900, pause = 5 } = settings().wait ?? {}) {
  const end = Date.now() + seconds * 1000;
  while (!(await ready())) {
    if (Date.now() > end) throw new Error(`${what} is not ready after ${seconds} s`);
    await sleep(pause * 1000);
  }
}

/** Whether `actual` contains everything in `wanted`. It may have more fields, and its lists may be in any order. */
export function covers(actual, wanted) {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((entry) => actual.some((other) => covers(other, entry)))
    );
  }
  if (typeof wanted === "object" && wanted !== null) {
    return (
      typeof actual === "object" &&
      actual !== null &&
      Object.entries(wanted).every(([key, value]) => covers(actual[key], value))
    );
  }
  return actual === wanted;
}

/** Prints what was changed, one line per change. */
export function reportChange(what) {
  changes += 1;
  process.stdout.write(`${what}\n`);
}
let changes = 0;

/** Runs a script's main function. Its error is the last line of the Job's log. */
export async function run(main) {
  try {
    await main();
    process.stdout.write(changes === 0 ? "Nothing to change.\n" : `Changed: ${changes}.\n`);
  } catch (error) {
    const cause = error.cause === undefined ? "" : ` (${error.cause.message ?? error.cause})`;
    process.stderr.write(`${error.message}${cause}\n`);
    process.exitCode = error instanceof PermanentError ? permanentErrorExitCode : 1;
  }
}

function variable(name) {
  const value = process.env[name];
  if (value === undefined)
    throw new PermanentError(`Environment variable ${name}: expected a value, got none.`);
  return value;
}
