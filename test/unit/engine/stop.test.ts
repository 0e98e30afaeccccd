import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { checkout } from "../../../local/toolchain/paths";
import { until } from "../../support/until";

/**
 * A stand-in for the engine: it notes its process and that of the command, and each signal. Like the engine, it ends
 * cleanly after the first one, and at once after a second one, or if its terminal is closed.
 */
const updating = `
const { appendFileSync } = require("node:fs");
const note = (text) => appendFileSync(process.env.NOTES, text + "\\n");
let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {
  note(signal);
  if (isStopping || signal === "SIGHUP") process.exit(2);
  isStopping = true;
  console.log((signal === "SIGINT" ? "^C" : signal) + " received; cancelling.");
  setTimeout(() => { note("ended cleanly"); process.exit(1); }, 1500);
});
setTimeout(() => process.exit(3), 60_000);
note(process.ppid + " " + process.pid);
`;

/** @param updating file that runs instead of an update. */
const engine = (updating: string) => `#!/bin/sh
case "$1 $2" in
"stack export") echo '{"version": 3, "deployment": {}}' ;;
"stack ls") echo '[{"name": "stopped"}]' ;;
"stack "*) echo '{}' ;;
*) exec "${process.execPath}" "${updating}" ;;
esac
`;

describe("a command that is asked to stop while it updates a stack", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "stop-"));
    writeFileSync(join(folder, "updating.cjs"), updating);
    writeFileSync(join(folder, "pulumi"), engine(join(folder, "updating.cjs")));
    chmodSync(join(folder, "pulumi"), 0o755);
    writeFileSync(join(folder, "Pulumi.stopped.yaml"), "config:\n  platform:environment: dev\n");
  });
  after(() => {
    rmSync(folder, { recursive: true });
    rmSync(join(checkout, ".local", "stacks", "stopped.log"), { force: true });
  });

  interface Processes {
    outer: number;
    inner: number;
    engine: number;
  }

  /** Runs a command, sends it signals while the engine runs, and returns how it ended. */
  async function stop(name: string, args: string[], signal: (all: Processes) => void) {
    const notes = join(folder, name);
    writeFileSync(notes, "");
    const lines = () => readFileSync(notes, "utf8").split("\n").filter(Boolean);
    const child = spawn(process.execPath, [join(checkout, "bin", "platform.mjs"), ...args], {
      detached: true,
      env: {
        ...process.env,
        PATH: `${folder}${delimiter}${process.env["PATH"]}`,
        PULUMI_BACKEND_URL: `file://${folder}`,
        NOTES: notes,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    await until(
      "the engine runs",
      60,
      () => {
        assert.equal(child.exitCode, null, output);
        return lines().length > 0;
      },
      50,
    );
    const [inner = 0, engine = 0] = lines()[0]?.split(" ").map(Number) ?? [];
    signal({ outer: child.pid ?? 0, inner, engine });
    const code = await ended;
    return { code, signals: lines().slice(1), output };
  }

  const recover = ["recover", "stopped"];

  it("waits until the engine has ended cleanly, and fails", async () => {
    const ended = await Promise.all([
      stop("INT", recover, ({ outer }) => process.kill(-outer, "SIGINT")),
      stop("HUP", recover, ({ outer }) => process.kill(-outer, "SIGHUP")),
      stop("TERM", recover, ({ outer }) => process.kill(outer, "SIGTERM")),
      // As Jenkins does.
      stop("all", recover, (all) => Object.values(all).map((pid) => process.kill(pid, "SIGTERM"))),
    ]);
    assert.deepEqual(
      ended.map(({ code, signals }) => [code, signals]),
      [
        [1, ["SIGINT", "ended cleanly"]],
        [1, ["SIGTERM", "ended cleanly"]],
        [1, ["SIGTERM", "ended cleanly"]],
        [1, ["SIGTERM", "ended cleanly"]],
      ],
      ended.map(({ output }) => output).join("\n"),
    );
  });

  it("waits for the engines of many stacks, too", async () => {
    const up = ["stacks", "up", "--config-dir", folder];
    const { code, signals, output } = await stop("stacks", up, ({ outer }) =>
      process.kill(outer, "SIGTERM"),
    );
    assert.deepEqual([code, signals], [1, ["SIGTERM", "ended cleanly"]], output);
    assert.match(output, /stopping: no further stack is started; waiting for the running ones/);
  });
});
