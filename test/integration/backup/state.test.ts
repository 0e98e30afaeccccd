import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { toolFolder } from "../../../local/toolchain/install";
import { tools } from "../../../local/toolchain/tools";
import { mustRun, runProgram, script } from "../../support/backup";
import { Place } from "./place";

describe("the engine's state", () => {
  const pulumi = tools.find(({ name }) => name === "pulumi");
  let place: Place;
  let environment: Record<string, string>;
  let program: string;
  before(async () => {
    place = new Place("state");
    await place.shortenRuns();
    program = join(place.folder, "program");
    place.write("program/Pulumi.yaml", "name: small\nruntime: yaml\n");
    mkdirSync(join(place.folder, "backend"));
    assert.ok(pulumi);
    environment = {
      ...place.environment,
      PATH: [toolFolder(pulumi), place.environment["PATH"]].join(delimiter),
      PULUMI_HOME: join(place.folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(place.folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase of this test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      STATE_FOLDER: join(place.folder, "state"),
    };
  });
  after(() => place.remove());

  const engine = (...args: string[]) =>
    mustRun("pulumi", ["--non-interactive", "--cwd", program, ...args], environment);
  const save = () =>
    runProgram("sh", ["-c", `cd ${program} && sh ${script("state.sh")}`], environment);

  it("is not saved if there is none", async () => {
    const { code, output } = await save();
    assert.equal(code, 1, output);
    assert.match(output, /The backend has no stack of this project/);
  });

  it("is restored into an empty backend, with every stack and resource", async () => {
    for (const stack of ["dev", "prod"]) await engine("stack", "init", stack);
    // A resource without a program, as an update would leave it.
    const exported = JSON.parse(await engine("stack", "export", "--stack", "prod")) as {
      version: number;
      deployment: Record<string, unknown>;
    };
    const urn = "urn:pulumi:prod::small::pulumi:pulumi:Stack::small-prod";
    exported.deployment["resources"] = [
      { urn, type: "pulumi:pulumi:Stack", custom: false, outputs: { traffic: "all to 1.5.0" } },
    ];
    place.write("made.json", JSON.stringify(exported));
    await engine("stack", "import", "--stack", "prod", "--file", join(place.folder, "made.json"));

    const { code, output } = await save();
    assert.equal(code, 0, output);

    // The bucket is lost; only the project's files and the passphrase exist.
    rmSync(join(place.folder, "backend"), { recursive: true });
    mkdirSync(join(place.folder, "backend"));
    const restored = join(await place.restore(), place.folder, "state");
    for (const stack of ["dev", "prod"]) {
      await engine("stack", "init", stack);
      await engine("stack", "import", "--stack", stack, "--file", join(restored, `${stack}.json`));
    }
    const { deployment } = JSON.parse(await engine("stack", "export", "--stack", "prod")) as {
      deployment: { resources: { urn: string; outputs: object }[] };
    };
    assert.deepEqual(
      deployment.resources.map(({ urn: name, outputs }) => [name, outputs]),
      [[urn, { traffic: "all to 1.5.0" }]],
    );
  });
});
