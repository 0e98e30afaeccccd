import assert from "node:assert/strict";
import { verbOf } from "../../../cli/verbs";
import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { chunks } from "../../../cli/pipeline/order";
import { tools } from "../../../local/toolchain/tools";

interface Step {
  id?: string;
  run?: string;
  uses?: string;
  env?: Record<string, string>;
}

interface Job {
  needs?: string | string[];
  if?: string;
  steps?: Step[];
  container?: string;
  environment?: string;
  concurrency?: { group: string; queue?: string; "cancel-in-progress"?: boolean };
  strategy?: { matrix: Record<string, string>; "max-parallel"?: number };
  uses?: string;
  with?: { work?: string; names?: string; rounds?: string };
  permissions?: Record<string, string>;
}

interface Workflow {
  on: { schedule: { cron: string }[] };
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const read = (file: string) => parse(readFileSync(`.github/workflows/${file}`, "utf8")) as Workflow;
const workflow = read("platform.yml");
/** What is done with each stack; the others call it. */
const called = read("stacks.yml");
/** Updates, one round after the other. */
const order = read("order.yml");
const jobs = { ...workflow.jobs, ...order.jobs, ...called.jobs };
const ofStacks = Object.keys(called.jobs);
const job = (name: string): Job => {
  const found = jobs[name];
  assert.ok(found !== undefined, `there is no job ${name}`);
  return found;
};
const commands = (name: string) => (job(name).steps ?? []).flatMap(({ run }) => run ?? []);

describe("the workflow of GitHub Actions", () => {
  it("works on each stack that a change concerns", () => {
    assert.match(commands("stacks").join(), /stacks pipeline --format github/);
    for (const [name, file, variable, list] of [
      ["previews", "stacks", "names", "needs.stacks.outputs.chunks"],
      ["watches", "stacks", "names", "needs.stacks.outputs.chunks"],
      ["updates", "order", "rounds", "needs.stacks.outputs.chunks"],
      ["round", "stacks", "names", "inputs.rounds"],
    ] as const) {
      const { uses, strategy, with: given } = job(name);
      assert.equal(uses, `./.github/workflows/${file}.yml`, name);
      assert.equal(strategy?.matrix[variable], `\${{ fromJSON(${list}) }}`, name);
      assert.equal(given?.[variable], `\${{ matrix.${variable} }}`, name);
    }
    assert.deepEqual(
      new Set(ofStacks.map((name) => job(name).if)),
      new Set(
        ["preview", "update", "drift", "canaries", "advance"].map((it) => `inputs.work == '${it}'`),
      ),
    );
    for (const name of ofStacks) {
      const { strategy, environment, container } = job(name);
      assert.equal(strategy?.matrix["stack"], "${{ fromJSON(inputs.names) }}", name);
      const own = name === "update" ? "${{ matrix.stack }}" : "${{ matrix.stack }}-preview";
      assert.equal(environment, own, name);
      const engine = tools.find((tool) => tool.name === "pulumi")?.version;
      assert.equal(container, `pulumi/pulumi:${engine}`, name);
    }
  });

  it("updates a stack one job at a time, and lets nothing else wait for an approval", () => {
    const group = "stack-${{ matrix.stack }}";
    // A job that waits for its reviewers holds its group. The plan of a rollback must not wait for a forgotten approval.
    const approved = ofStacks.filter((name) => job(name).environment === "${{ matrix.stack }}");
    assert.deepEqual(approved, ["update"]);
    // Without a queue, an update that waits is canceled by the next one.
    assert.deepEqual(job("update").concurrency, { group, queue: "max" });
    for (const name of ofStacks.filter((each) => !approved.includes(each))) {
      // None of them takes the engine's lock. Previews of former commits of a branch are canceled.
      const own = {
        group: "preview-${{ matrix.stack }}-${{ github.ref }}",
        "cancel-in-progress": true,
      };
      assert.deepEqual(job(name).concurrency, name === "preview" ? own : undefined, name);
      assert.doesNotMatch(commands(name).join("\n"), /platform up|pulumi up|--update\b/, name);
      for (const line of commands(name).filter((text) => text.includes("pulumi refresh")))
        assert.match(line, /--preview-only/);
    }
  });

  it("runs only existing commands and files", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    const lines = Object.keys(jobs).flatMap(commands);
    const used = lines.flatMap((line) => /npm run (?:-s )?([a-z:0-9]+)/.exec(line)?.[1] ?? []);
    const ofPlatform = lines.flatMap((line) => /npx platform (.*)/.exec(line)?.[1] ?? []);
    assert.ok(used.length > 3 && ofPlatform.length > 0);
    for (const name of used) assert.ok(name in scripts, name);
    for (const line of ofPlatform) assert.ok(verbOf(line.split(" ")), line);
    for (const file of [".ci/prepare-stack", ".ci/propose-steps"]) accessSync(file, constants.X_OK);
  });

  it("runs the right jobs for each schedule", () => {
    const work = job("watches").with?.work ?? "";
    for (const [cron, name] of [
      ["23 2 * * *", "drift"],
      ["7 * * * *", "canaries"],
    ]) {
      assert.ok(work.includes(`github.event.schedule == '${cron}' && '${name}'`), work);
      assert.ok(workflow.on.schedule.some((each) => each.cron === cron));
    }
    assert.match(work, /\|\| 'advance' \}\}$/);
    assert.equal(workflow.on.schedule.length, 3);
  });

  it("makes a matrix of at most 256 stacks", () => {
    const names = Array.from({ length: 700 }, (_, index) => `app-${index}`);
    const lists = chunks(names).map((text) => JSON.parse(text) as string[]);
    assert.deepEqual(
      lists.map(({ length }) => length),
      [256, 256, 188],
    );
    assert.deepEqual(lists.flat(), names);
    assert.deepEqual(chunks([]), []);
  });

  it("updates stacks that come after others in a later round", () => {
    assert.equal(job("round").strategy?.["max-parallel"], 1);
    const { env = {} } = job("stacks").steps?.find(({ id }) => id === "concerned") ?? {};
    assert.match(env["OPTIONS"] ?? "", /github\.event_name == 'push' && '--mode update'/);
    // The commit before a push may not be applied; with the token, the command finds the last one that is.
    assert.equal(env["BASE"], "${{ github.event.pull_request.base.sha }}");
    assert.equal(env["GITHUB_TOKEN"], "${{ github.token }}");
  });

  it("fails if it cannot find the stacks, because an empty list would look like a change of no stack", () => {
    const { run = "" } = job("stacks").steps?.find(({ id }) => id === "concerned") ?? {};
    const folder = mkdtempSync(join(tmpdir(), "concerned-"));
    const find = (npx: string) => {
      const output = join(folder, "output");
      writeFileSync(output, "");
      const { status } = spawnSync("bash", ["-e", "-c", `npx() { ${npx}; }\n${run}`], {
        env: { GITHUB_OUTPUT: output },
      });
      return [status, readFileSync(output, "utf8")];
    };
    assert.deepEqual(find("return 1"), [1, ""]);
    assert.deepEqual(find("echo '[]'"), [0, "chunks=[]\n"]);
    rmSync(folder, { recursive: true });
  });

  it("sums up the previews, whatever their results", () => {
    const [line = ""] = commands("summary").filter((text) => text.includes("summary"));
    const script = `npx() { echo "$@"; }\n${line}`;
    const { stdout } = spawnSync("bash", ["-e", "-c", script], {
      env: { ...process.env, CHUNKS: JSON.stringify(chunks(["prod", "shop.prod"])) },
      encoding: "utf8",
    });
    assert.equal(stdout, "platform stacks summary --reports previews prod shop.prod --post\n");
    assert.match(job("summary").if ?? "", /^always\(\)/);
  });

  it("checks once for each pull request whether its author may change the files", () => {
    assert.ok(commands("owners").includes("npx platform stacks owners"));
    assert.equal(job("owners").if, "github.event_name == 'pull_request'");
    // Also if no stack is concerned.
    assert.equal(job("owners").needs, undefined);
  });

  it("runs every test", () => {
    for (const test of ["check", "test:unit", "test:integration", "test:e2e"]) {
      assert.ok(commands("checks").includes(`npm run -s ${test}`), test);
    }
  });

  it("gives credentials neither to tests nor to changes from a fork", () => {
    assert.doesNotMatch(JSON.stringify([job("checks"), job("stacks"), job("owners")]), /secrets\./);
    assert.match(job("previews").if ?? "", /head\.repo\.full_name == github\.repository/);
    assert.deepEqual(workflow.permissions, { contents: "read" });
    const comments = { previews: true, summary: true };
    for (const [name, { permissions }] of Object.entries(workflow.jobs)) {
      const own = { contents: "read", "pull-requests": "write" };
      const reading = { contents: "read", actions: "read" };
      const expected = name === "stacks" ? reading : name in comments ? own : undefined;
      assert.deepEqual(permissions, expected, name);
    }
  });

  it("requests no more permissions in a called job than the calling job has, because GitHub would start nothing", () => {
    // Whatever the conditions of the jobs are.
    const check = ({ jobs: all, permissions: own }: Workflow, most?: Record<string, string>) => {
      for (const [name, { uses, permissions = own }] of Object.entries(all)) {
        const more = Object.entries(permissions ?? {}).filter(
          ([scope, access]) => most && ![access, "write"].includes(most[scope] ?? "none"),
        );
        assert.deepEqual(more, [], name);
        if (uses !== undefined) check(read(basename(uses)), permissions ?? most);
      }
    };
    check(workflow);
  });

  it("inserts nothing that a person typed into a command", () => {
    for (const line of Object.keys(jobs).flatMap(commands)) assert.doesNotMatch(line, /\$\{\{/);
  });

  for (const name of ["preview", "plan"]) {
    for (const [code, ended] of [
      [0, 0],
      [1, 1],
      [3, 0],
    ] as const) {
      it(`ends the step of ${name} with ${ended} if the preview ends with ${code}`, () => {
        const line = commands(name).find((text) => text.includes("platform preview "));
        const script = `npx() { return ${code}; }\n${line}`;
        assert.equal(
          spawnSync("bash", ["-e", "-c", script], { env: { STACK: "prod" } }).status,
          ended,
        );
      });
    }
  }

  it("updates what was planned, after it was approved, and only from the default branch", () => {
    assert.equal(job("update").needs, "plan");
    assert.match(job("updates").if ?? "", /event_name == 'push'/);
    assert.deepEqual(job("updates").needs, ["checks", "stacks"]);
    assert.equal(job("round").with?.work, "update");
    assert.match(commands("update").join(), /up "\$STACK" --plan-hash/);
  });
});
