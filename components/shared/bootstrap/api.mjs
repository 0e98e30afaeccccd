// What the scripts of bootstrap Jobs share. Plain Node without packages: the Job mounts these files
// into a stock image. A script may run any number of times; it writes only what differs.
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

/** Exit code that makes the Job fail at once: running again would end the same way. */
const hopelessExitCode = 2;

/** An error that no further run can mend, for example a wrong password. */
export class Hopeless extends Error {}

/** The settings that the Job was declared with. */
export function settings() {
  return JSON.parse(readFileSync(variable("BOOTSTRAP_SETTINGS"), "utf8"));
}

/** A secret, read from its mounted file. */
export function secret(name) {
  return readFileSync(join(variable("BOOTSTRAP_SECRETS"), name), "utf8").trim();
}

/** An HTTP API that is called as one user. */
export class Api {
  #headers;

  /**
   * @param user name and password of basic authentication; left out for open addresses.
   * @param headers further headers of every request.
   */
  constructor(url, user, headers = {}) {
    this.url = url;
    const basic = user && Buffer.from(`${user.name}:${user.password}`).toString("base64");
    this.#headers = { ...headers, ...(basic ? { authorization: `Basic ${basic}` } : {}) };
  }

  /** Status of a GET, 0 when nothing answers. */
  async status(path) {
    try {
      const response = await this.#fetch("GET", path);
      await response.body?.cancel();
      return response.status;
    } catch {
      return 0;
    }
  }

  /** What a GET answers; undefined when it is not there or empty. */
  async get(path) {
    return this.#answer("GET", path, await this.#fetch("GET", path));
  }

  /**
   * Changes something; a text and a form are sent as they are, anything else as JSON.
   * @param absent statuses that say that something is not there; undefined is the answer then.
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
        // Of a form, the boundary between its parts belongs to the type.
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

/** Waits until `ready` holds. */
export async function waitFor(what, ready, { seconds = 900, pause = 5 } = settings().wait ?? {}) {
  const end = Date.now() + seconds * 1000;
  while (!(await ready())) {
    if (Date.now() > end) throw new Error(`${what} is not ready after ${seconds} s`);
    await sleep(pause * 1000);
  }
}

/** Whether everything wanted is there already; the server may know more fields, and lists in any order. */
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

/** Says what was changed, one line each. */
export function changed(what) {
  changes += 1;
  process.stdout.write(`${what}\n`);
}
let changes = 0;

/** Runs a script's main function; its error is the Job's last words. */
export async function run(main) {
  try {
    await main();
    process.stdout.write(changes === 0 ? "Nothing to change.\n" : `Changed: ${changes}.\n`);
  } catch (error) {
    const cause = error.cause === undefined ? "" : ` (${error.cause.message ?? error.cause})`;
    process.stderr.write(`${error.message}${cause}\n`);
    process.exitCode = error instanceof Hopeless ? hopelessExitCode : 1;
  }
}

function variable(name) {
  const value = process.env[name];
  if (value === undefined) throw new Hopeless(`The environment variable ${name} is missing.`);
  return value;
}
