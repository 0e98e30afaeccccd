import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { childPipelines, modes, type Mode } from "../../../../cli/pipeline/gitlab";
import type { StackEntry } from "../../../../cli/stacks/discover";
import { needsOf } from "../../../../cli/stacks/needs";
import { Project } from "../fleet/support";

interface Job {
  needs?: (string | { pipeline: string; job: string })[];
  environment?: unknown;
  when?: string;
  allow_failure?: boolean;
  script?: string[];
  trigger?: { strategy: string; include: [{ artifact: string; job: string }] };
  variables?: Record<string, string>;
  artifacts?: { paths: string[] };
}

type Pipeline = Record<string, Job>;

const source = readFileSync(".gitlab-ci.yml", "utf8");
const first = "stacks.gitlab-ci.yml";
const prod: StackEntry = { name: "prod", file: "", config: { "platform:environment": "online" } };
const alone = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `alone-${index}`, file: "", config: {} }));

/** Returns stacks of one app each on the platform stack `prod`. */
function apps(count: number): StackEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `app-${index}.prod`,
    file: "",
    config: {
      "platform:platformStack": "organization/platform/prod",
      "platform:apps": { [`app-${index}`]: {} },
    },
  }));
}

describe("GitLab's child pipelines of many stacks", () => {
  let project: Project;
  beforeEach(() => (project = new Project()));
  afterEach(() => project.remove());

  function files(mode: Mode, entries: StackEntry[]): [file: string, text: string][] {
    const made = [...childPipelines(mode, entries, source, { project: project.folder })];
    for (const [file, text] of made) assert.ok(text.length < 1024 * 1024, file);
    return made;
  }

  function pipelines(mode: Mode, entries: StackEntry[]): Map<string, Pipeline> {
    return new Map(files(mode, entries).map(([file, text]) => [file, parse(text) as Pipeline]));
  }

  const known = new Map<Mode, Map<string, Pipeline>>();
  /** Returns the pipelines of 700 stacks that need no others; they are made once. */
  function ofMany(mode: Mode): Map<string, Pipeline> {
    const made = known.get(mode) ?? pipelines(mode, alone(700));
    known.set(mode, made);
    return made;
  }

  /** Declares a release group of these waves, each from the first up to before the second app. */
  function group(...waves: [number, number][]): void {
    const names = waves.map(([from, to]) =>
      Array.from({ length: to - from }, (_, index) => `app-${from + index}`),
    );
    project.app("apps/groups/prod/all.yaml", { waves: names });
  }

  const jobsOf = (pipeline: Pipeline) =>
    Object.entries(pipeline).filter(
      ([name]) => !name.startsWith(".") && /[:]|^(summary|nothing|files)$/.test(name),
    );

  function assertWithinLimits(all: Map<string, Pipeline>): void {
    for (const [file, pipeline] of all) {
      const jobs = jobsOf(pipeline);
      const environments = jobs.filter(([, { environment }]) => environment !== undefined).length;
      assert.ok(environments <= 500, `${file}: ${environments} jobs with an environment`);
      for (const [name, { needs = [] }] of jobs) {
        assert.ok(needs.length <= 50, `${file}: ${needs.length} needs of ${name}`);
        for (const need of needs)
          if (typeof need === "string") assert.ok(pipeline[need], `${name} needs ${need}`);
      }
    }
  }

  /** Returns the names of the jobs and parts that must be complete before a job, directly or not. */
  function before(pipeline: Pipeline, name: string, found = new Set<string>()): Set<string> {
    for (const need of pipeline[name]?.needs ?? []) {
      if (typeof need !== "string" || found.has(need)) continue;
      found.add(need);
      before(pipeline, need, found);
    }
    return found;
  }

  /** Fails if an update can start before one that it needs is complete. */
  function assertOrder(all: Map<string, Pipeline>, entries: StackEntry[]): void {
    const starter = all.get(first) ?? {};
    const parts = Object.entries(starter).filter(([, { trigger }]) => trigger);
    const partOf = (stack: string) => {
      const [name = first, job] =
        parts.find(([, { trigger: { include: [{ artifact = "" } = {}] = [] } = {} }]) =>
          Object.hasOwn(all.get(artifact) ?? {}, `up:${stack}`),
        ) ?? [];
      const file = job?.trigger?.include[0].artifact ?? first;
      return { name, pipeline: all.get(file) ?? {} };
    };
    for (const [{ name }, needed] of needsOf(entries, project.folder)) {
      const own = partOf(name);
      assert.ok(own.pipeline[`up:${name}`], name);
      const inPart = before(own.pipeline, `up:${name}`);
      const earlier = before(starter, own.name);
      for (const { name: need } of needed) {
        const other = partOf(need);
        if (other.name === own.name) {
          assert.ok(inPart.has(`up:${need}`), `${name} before ${need}`);
          continue;
        }
        assert.ok(earlier.has(other.name), `${name} before ${need}`);
        // Otherwise, the pipeline would be complete although a person has not started the job.
        assert.equal(other.pipeline[`up:${need}`]?.allow_failure, false);
      }
    }
  }

  for (const mode of Object.keys(modes) as Mode[]) {
    it(`have at most 500 jobs with an environment each, for ${mode}`, () => {
      const all = ofMany(mode);
      assertWithinLimits(all);
      const names = [...all.values()].flatMap((pipeline) => jobsOf(pipeline).map(([name]) => name));
      for (const kind of modes[mode])
        for (const { name } of alone(700))
          assert.equal(names.filter((each) => each === `${kind}:${name}`).length, 1, name);
      // Exactly as many as fit are one pipeline.
      assert.equal(files(mode, alone(500 / modes[mode].length)).length, 1);
    });
  }

  it("are started by the first one, with the files of the job that wrote them", () => {
    const all = ofMany("drift");
    const { files, ...others } = all.get(first) ?? {};
    const names = ["stacks.gitlab-ci.1.yml", "stacks.gitlab-ci.2.yml"];
    assert.deepEqual([...all.keys()], [first, ...names]);
    assert.deepEqual(files?.needs, [{ pipeline: "$PARENT_PIPELINE_ID", job: "stacks:watch" }]);
    assert.deepEqual(files.artifacts?.paths, names);
    names.forEach((artifact, index) => {
      const { trigger, needs } = others[`part:${index + 1}`] ?? {};
      assert.deepEqual(trigger, { strategy: "depend", include: [{ artifact, job: "files" }] });
      assert.deepEqual(needs, ["files"]);
    });
    for (const mode of Object.keys(modes) as Mode[]) {
      const writer = ofMany(mode).get(first)?.["files"]?.needs?.[0];
      assert.ok(typeof writer === "object" && writer.job in (parse(source) as object), mode);
    }
  });

  it("sum up their own previews, each in a separate comment", () => {
    const all = ofMany("preview");
    const sums = [...all.values()].flatMap(({ summary }) => (summary ? [summary] : []));
    assert.deepEqual(
      sums.map(({ variables = {} }) => [variables["PART"], variables["STACKS"]?.split(" ").length]),
      [
        ["1/2", 500],
        ["2/2", 200],
      ],
    );
  });

  it("update no stack before those that it needs, whichever pipeline they are in", () => {
    group([0, 300], [300, 310], [310, 620]);
    const entries = [...apps(690), prod, ...alone(10)];
    const all = pipelines("update", entries);
    assertWithinLimits(all);
    assertOrder(all, entries);
    // Stacks that nothing waits for delay no others.
    const [shop] = [...all.values()].flatMap((pipeline) => pipeline["up:app-689.prod"] ?? []);
    assert.equal(shop?.when, "manual");
    assert.equal(shop.allow_failure, undefined);
  });

  it("keep stacks that need each other in one pipeline if they fit into it", () => {
    const entries = [...alone(600), ...apps(100), prod];
    const all = pipelines("update", entries);
    assertOrder(all, entries);
    const { files, ...others } = all.get(first) ?? {};
    assert.ok(files);
    for (const { trigger, needs } of Object.values(others))
      if (trigger) assert.deepEqual(needs, ["files"]);
  });

  for (const count of [49, 50, 200]) {
    it(`name at most 50 jobs in needs where ${count} apps come first in a release group`, () => {
      group([0, count], [count, count + 5]);
      const entries = [prod, ...apps(count + 5)];
      const all = pipelines("update", entries);
      assertWithinLimits(all);
      assertOrder(all, entries);
      const gathering = jobsOf(all.get(first) ?? {}).filter(([name]) => /^gather:/.test(name));
      assert.equal(gathering.length, Math.ceil((count + 1) / 50));
      for (const [, { environment, script }] of gathering) {
        assert.equal(environment, undefined);
        assert.deepEqual(script, ["true"]);
      }
    });
  }
});
