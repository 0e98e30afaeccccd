import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProgramInfo, RunRequest } from "@pulumi/pulumi/proto/language_pb";
import {
  endPrograms,
  programCommand,
  run,
} from "../../../../local/plugins/language-nodejs/program";
import { PropertyMap, toStruct } from "../../../../local/plugins/shared/values";

describe("a program", () => {
  let root: string;

  /** Creates a project whose SDK is `runner`, the module that runs the program. */
  function project(runner: string): void {
    const sdk = join(root, "node_modules/@pulumi/pulumi/cmd/run");
    mkdirSync(sdk, { recursive: true });
    writeFileSync(join(sdk, "index.js"), runner);
  }

  function request(options: PropertyMap = {}): RunRequest {
    const info = new ProgramInfo()
      .setRootDirectory(root)
      .setProgramDirectory(root)
      .setEntryPoint("index.ts")
      .setOptions(toStruct(options));
    const result = new RunRequest()
      .setProject("shop")
      .setStack("dev")
      .setOrganization("acme")
      .setPwd(root)
      .setParallel(4)
      .setMonitorAddress("127.0.0.1:1")
      .setDryrun(true)
      .setConfigsecretkeysList(["shop:token"])
      .setInfo(info);
    result.getConfigMap().set("shop:size", "2").set("shop:token", "x");
    return result;
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "program-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("is started by the SDK of its own project", () => {
    project("");
    const command = programCommand(
      request({ nodeargs: "--require x", typescript: false }),
      "127.0.0.1:2",
    );
    assert.deepEqual(command.args, [
      ...["--require", "x"],
      join(root, "node_modules/@pulumi/pulumi/cmd/run/index.js"),
      ...["--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:2"],
      ...["--project", "shop", "--stack", "dev", "--organization", "acme"],
      ...["--root-directory", root, "--pwd", root, "--parallel", "4"],
      ...["--dry-run", "index.ts"],
    ]);
    assert.equal(command.cwd, root);
    const { env } = command;
    assert.equal(env.PULUMI_CONFIG, '{"shop:size":"2","shop:token":"x"}');
    assert.equal(env.PULUMI_CONFIG_SECRET_KEYS, '["shop:token"]');
    assert.equal(env.PULUMI_NODEJS_TYPESCRIPT, undefined);
    const typed = programCommand(request({ tsconfig: "t.json" }), undefined);
    assert.equal(typed.env.PULUMI_NODEJS_TYPESCRIPT, "true");
    assert.equal(typed.env.PULUMI_NODEJS_TSCONFIG_PATH, "t.json");
    assert.ok(!typed.args.includes("--engine"));
  });

  it("says how it ended", async () => {
    const outcome = async (runner: string) => {
      project(runner);
      return (await run(request(), undefined)).toObject();
    };
    assert.deepEqual(await outcome(""), { error: "", bail: false });
    assert.deepEqual(await outcome("process.exit(32)"), {
      ...{ error: "", bail: true },
    });
    assert.deepEqual(await outcome("process.exit(3)"), {
      error: "Program exited with non-zero exit code: 3",
      bail: false,
    });
  });

  it("ends when the update does", async () => {
    project("setInterval(() => {}, 1000)");
    const result = run(request(), undefined);
    setTimeout(() => endPrograms("SIGTERM"), 200);
    assert.equal((await result).getError(), "Program was ended by SIGTERM");
  });

  it("needs the SDK and no debugger", () => {
    assert.throws(() => programCommand(request(), undefined), {
      message: `The Pulumi SDK is not installed in ${root}. Run "npm ci" there, then try again.`,
    });
    const debugged = request().setAttachDebugger(true);
    assert.throws(() => programCommand(debugged, undefined), /debugger/);
  });

  describe("with a long config", () => {
    /** Returns a request whose config fills a variable of a number of bytes, including its name and end. */
    function filling(bytes: number): RunRequest {
      const asked = request();
      asked.getConfigMap().clear();
      const frame = `PULUMI_CONFIG=${JSON.stringify({ "shop:text": "" })}`.length + 1;
      asked.getConfigMap().set("shop:text", "x".repeat(bytes - frame));
      return asked;
    }

    it("runs as long as the config fits into a variable", async () => {
      project("process.exitCode = process.env.PULUMI_CONFIG.length > 131000 ? 0 : 1;");
      const response = await run(filling(131_072), "127.0.0.1:2");
      assert.equal(response.getError(), "");
    });

    // The limit is specific to Linux.
    const onLinux = process.platform === "linux" ? it : it.skip;
    onLinux("is not started with a longer one, and says what to do", () => {
      project("");
      assert.throws(
        () => programCommand(filling(131_073), "127.0.0.1:2"),
        /^Error: The config of stack "dev" is 128 KiB long\..* Split the stack: docs\/decisions\/stacks\.md/,
      );
    });
  });
});
