import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reloadContainer } from "../../../../components/ci/reload";
import {
  startRecordingServer,
  type Answer,
  type RecordingServer,
} from "../../../support/bootstrap";

const token = "reload-token-of-the-test";
const error = { status: "error", message: "Failed to reload configuration: (script) line 3" };

/**
 * A stub of the plugin configuration-as-code 2115: an empty response after success, the error with status 200 after a
 * failure (TokenReloadAction.java), 401 for another token.
 */
const loaded: Answer = { status: 200 };
const refused: Answer = { status: 200, body: error };

describe("the container that makes Jenkins reload its jobs", () => {
  let folder: string;
  let server: RecordingServer;
  let answers: Answer[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "reload-"));
    for (const path of ["bin", "tmp", "var/jenkins_config/jobs", "run/secrets/reload"]) {
      mkdirSync(join(folder, path), { recursive: true });
    }
    writeFileSync(join(folder, "run/secrets/reload/reload-token"), token);
    writeFileSync(join(folder, "var/jenkins_config/jobs/jobs.yaml"), "one");
    server = await startRecordingServer(({ path }) => {
      const asked = new URL(path, "http://jenkins").searchParams.get("casc-reload-token");
      return asked === token ? (answers.shift() ?? loaded) : { status: 401 };
    });
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** Runs the script with a simulated `sleep`, which ends it after a number of rounds. */
  async function rounds(count: number, change = ""): Promise<{ stdout: string; stderr: string }> {
    const jobs = join(folder, "var/jenkins_config/jobs/jobs.yaml");
    const sleep = `echo >> "${folder}/rounds"; round=$(wc -l < "${folder}/rounds"); ${change} [ "$round" -lt ${count} ] || kill "$PPID"`;
    writeFileSync(join(folder, "bin/sleep"), `#!/bin/bash\njobs="${jobs}"\n${sleep}\n`, {
      mode: 0o755,
    });
    const [shell = "", flag = "", script = ""] = reloadContainer().command as string[];
    const moved = script
      .replace(/\/(tmp|run\/secrets|var)(?=\/)/g, `${folder}/$1`)
      .replace("http://127.0.0.1:8080", server.url);
    const child = spawn(shell, [flag, moved], {
      // Where its input is a socket, as a pipe of Node.js is, bash first reads the user's .bashrc, which may sleep, too.
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    await new Promise((resolve) => child.on("close", resolve));
    return { stdout, stderr };
  }

  it("loads at the start and when the file changes, and not in between", async () => {
    answers = [];
    const { stdout } = await rounds(6, `[ "$round" != 3 ] || echo two > "$jobs";`);
    assert.equal(server.requests.length, 2);
    assert.equal(stdout.match(/^Loaded /gm)?.length, 2);
  });

  it("retries until Jenkins responds", async () => {
    answers = [{ status: 503 }, { status: 503 }];
    const { stdout, stderr } = await rounds(5);
    assert.equal(server.requests.length, 3);
    assert.equal(stdout.match(/^Loaded /gm)?.length, 1);
    assert.match(stderr, /503/);
  });

  it("recognizes an error with status 200, reports it and retries", async () => {
    answers = [refused, refused];
    const { stdout, stderr } = await rounds(5);
    assert.equal(server.requests.length, 3, "the load that failed counts as done");
    assert.equal(stdout.match(/^Loaded /gm)?.length, 1);
    assert.equal(stderr.split(error.message).length - 1, 2);
  });

  it("posts with the token from the file, which is on no command line and in no log", async () => {
    answers = [refused];
    const { stdout, stderr } = await rounds(3);
    for (const { method, path } of server.requests) {
      assert.equal(
        `${method} ${path}`,
        `POST /reload-configuration-as-code/?casc-reload-token=${token}`,
      );
    }
    assert.doesNotMatch(stdout + stderr, new RegExp(token));
    const { command } = reloadContainer();
    assert.doesNotMatch(JSON.stringify(command), new RegExp(token));
    assert.equal(readFileSync(join(folder, "tmp/answer"), "utf8"), "");
  });
});
