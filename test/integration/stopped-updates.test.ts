import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { checkout, typescriptLoader } from "../../local/toolchain/paths";
import { alive, descendants } from "../support/processes";
import { until } from "../support/until";
import { SmallProject } from "./warm-programs/project";

const update = `
require(${JSON.stringify(join(checkout, "engine", "pulumi"))})
  .pulumiUp({ stack: "hanging" })
  .then((ended) => console.log("the update ended as " + ended));
`;

describe("an update whose command is asked to stop", () => {
  let project: SmallProject;
  before(async () => {
    project = new SmallProject();
    await project.stack("hanging", { do: "hang" });
  });
  after(() => project.remove());

  const locks = () =>
    readdirSync(join(project.folder, "state", ".pulumi", "locks"), {
      recursive: true,
      encoding: "utf8",
    }).filter((path) => path.endsWith(".json"));

  it("cancels its operations once, releases its lock and ends before the command", async () => {
    // The command alone, and all of its processes, as Jenkins signals them.
    for (const all of [false, true]) {
      const child = spawn(process.execPath, ["--require", typescriptLoader, "-e", update], {
        cwd: project.folder,
        env: project.environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => (output += text));
      const ended = new Promise((resolve) => child.once("close", resolve));
      const command = { pid: child.pid ?? 0, name: "command" };
      const isRunning = () => /Updating/.test(output) && locks().length === 1;
      // Besides the engine, at least one process runs the program.
      await until("the program runs", 60, () => isRunning() && descendants(command.pid).length > 2);
      const running = descendants(command.pid);
      const engine = running.find(({ name }) => name === "pulumi");
      assert.ok(engine !== undefined, output);
      for (const { pid } of all ? [command, engine] : [command]) process.kill(pid, "SIGTERM");
      await ended;
      assert.match(output, /SIGTERM received; cancelling/);
      assert.doesNotMatch(output, /received; terminating/);
      assert.match(output, /the update ended as stopped/);
      assert.deepEqual(locks(), []);
      assert.ok(!alive(engine));
    }
  });
});
