import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScriptRun } from "./captured";
import { runModule } from "./module-run";

/** A request to a recording server. */
export interface RecordedRequest {
  method: string;
  /** Path with query. */
  path: string;
  /** User and password of basic authentication, if any. */
  user?: { name: string; password: string };
  /** Parsed JSON, or the text. */
  body?: unknown;
}

/** Response of a recording server. */
export interface Answer {
  status: number;
  body?: unknown;
}

/** A server that records every request and responds according to a function. */
export interface RecordingServer {
  url: string;
  requests: RecordedRequest[];
  /** Returns `METHOD path` of the requests that change something; an export only reads. */
  writes(): string[];
  close(): Promise<void>;
}

/** Starts a {@link RecordingServer} on a free local port. */
export async function startRecordingServer(
  answer: (request: RecordedRequest) => Answer,
): Promise<RecordingServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      requests.push(request);
      const { status, body } = answer(request);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body === undefined ? "" : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    writes: () =>
      requests
        .filter(({ method, path }) => method !== "GET" && !path.endsWith("/_export"))
        .map(({ method, path }) => `${method} ${path}`),
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const json = incoming.headers["content-type"]?.includes("json") === true;
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    user: basicUser(incoming.headers.authorization),
    body: text === "" ? undefined : json ? (JSON.parse(text) as unknown) : text,
  };
}

function basicUser(header: string | undefined): RecordedRequest["user"] {
  if (header === undefined) return undefined;
  const text = Buffer.from(header.replace(/^Basic /, ""), "base64").toString("utf8");
  const colon = text.indexOf(":");
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

/**
 * Runs a bootstrap script like its Job: in a process, with settings and secrets in files.
 * @param file its path under `components/`.
 * @param environment additional variables. Default: none.
 */
export function runBootstrap(
  file: string,
  settings: object,
  secrets: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<ScriptRun> {
  return withFiles(settings, secrets, (variables) =>
    run(join("components", file), { ...variables, ...environment }),
  );
}

/**
 * Does the same without a process of its own, which takes ten times the CPU time of such a script. That the process
 * ends once the script has, {@link runBootstrap} tests.
 */
export function runBootstrapHere(
  file: string,
  settings: object,
  secrets: Record<string, string>,
): Promise<ScriptRun> {
  return withFiles(settings, secrets, (variables) => runModule(file, variables));
}

/** Calls a function with the variables that name the files of a run, and removes these files afterwards. */
async function withFiles(
  settings: object,
  secrets: Record<string, string>,
  body: (variables: Record<string, string>) => Promise<ScriptRun>,
): Promise<ScriptRun> {
  const folder = mkdtempSync(join(tmpdir(), "bootstrap-test-"));
  try {
    const settingsFile = join(folder, "settings.json");
    writeFileSync(settingsFile, JSON.stringify({ ...settings, wait: { seconds: 1, pause: 0.1 } }));
    for (const [name, value] of Object.entries(secrets)) writeFileSync(join(folder, name), value);
    return await body({ BOOTSTRAP_SETTINGS: settingsFile, BOOTSTRAP_SECRETS: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(file: string, environment: Record<string, string>): Promise<ScriptRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], {
      // Without proxy settings, because the server is local.
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
