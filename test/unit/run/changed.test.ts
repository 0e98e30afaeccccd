import assert from "node:assert/strict";
import { concernedBy } from "../../run/changed";

const own = "test/unit/run/changed.test.ts";
const locks = "test/integration/stacks.test.ts";
const floor = "test/unit/releases/floor.test.ts";
const gitlab = "test/unit/pipeline/gitlab-ci/jobs.test.ts";
const plain = "test/unit/plain-ok.test.ts";
const tests = [locks, floor, gitlab, plain];

describe("the tests that a change concerns", () => {
  const concerned = (...changed: string[]) => concernedBy(changed, tests).tests;

  it("are those that import the file, directly or not, and the test itself", () => {
    assert.deepEqual(concerned(floor), [floor]);
    const found = concerned("releases/plan.ts");
    assert.deepEqual(
      [locks, floor, plain].map((test) => found.includes(test)),
      [true, true, false],
    );
  });

  it("are those that start the program or a command which imports the file", () => {
    assert.deepEqual(concerned("components/gateway/index.ts"), [locks]);
    assert.deepEqual(concerned("local/plugins/resource-kubernetes/replace.ts"), [locks]);
  });

  it("are those that name the file in a text", () => {
    // A command that the test of locks starts reads it as well.
    assert.deepEqual(concerned(".gitlab-ci.yml"), [locks, gitlab]);
    assert.deepEqual(concerned("docs/state.md"), [locks]);
  });

  it("are those that name it with a variable, from their own folder, or read a whole folder", () => {
    const all = (...names: string[]) => names.map((name) => `test/unit/${name}.test.ts`);
    for (const [file, reading] of [
      [".github/workflows/platform.yml", all("pipeline/github", "pipeline/substitutions")],
      ["docs/gateway.md", all("cli/verbs", "docs/commands")],
      ["cli/completion/script.ts", all("rooms", "cli/completion/completion")],
      ["test/expected/dev/ci.configmap.jenkins-init.yaml", all("rendered/expected")],
      ["Pulumi.prod.yaml", all("config/secret-text", "program/callers")],
      ["components/shared/bootstrap/api.mjs", all("components/configure-job", "words")],
      ["local/machines/probe.sh", all("words")],
      ["provision/paths.ts", all("exports", "function-names", "words")],
      ["docs/runbooks/EtcdDiskSlow.md", all("components/monitoring/rules", "words")],
      [".github/workflows/platform.yml", all("pipeline/required-modules")],
      ["components/ci/names.ts", all("cli/written-commands")],
    ] as const) {
      assert.deepEqual(concernedBy([file], reading).tests, reading, file);
    }
  });

  it("are not those that name a page only for people, in a message or a URL", () => {
    const far = ["config/gateway", "components/gateway/gateway", "engine/advice"];
    const units = far.map((name) => `test/unit/${name}.test.ts`);
    for (const page of ["docs/runbooks/EtcdDiskSlow.md", "docs/decisions/stacks.md"]) {
      assert.deepEqual(concernedBy([page], [...units, ...tests]).tests, [], page);
    }
  });

  it("are all if packages, compiler settings or the loader change", () => {
    for (const file of ["package-lock.json", "tsconfig.json", "bin/typescript.cjs"]) {
      assert.deepEqual(concerned(file), tests);
    }
  });

  it("do not exist for a file that no test reaches, which is listed", () => {
    const none = "docs/decisions/app-cron.md";
    assert.deepEqual(concernedBy([none], [floor]), { tests: [], unreached: [none] });
    assert.deepEqual(concernedBy([own], [floor]).unreached, [own]);
  });
});
