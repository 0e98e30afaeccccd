import assert from "node:assert/strict";
import { parse } from "yaml";
import { cascYaml } from "../../../../components/ci/casc-yaml";
import { groovyLiteral } from "../../../../components/ci/groovy";
import { cascJobs, jobsScript } from "../../../../components/ci/jobs";
import { pipelineSettings, shopPipeline } from "../../../support/pipelines";

describe("the jobs' text", () => {
  it("stays small for 700 apps: a ConfigMap holds at most a mebibyte", () => {
    const many = Array.from({ length: 700 }, (_, number) => [`app-${number}`, shopPipeline]);
    const text = cascYaml(cascJobs(Object.fromEntries(many), pipelineSettings));
    assert.ok(text.length < 300_000, String(text.length));
  });

  it("is the same whatever the order of the apps", () => {
    const [a, b] = [shopPipeline, { team: "content", domain: "b.test" }];
    assert.equal(jobsScript({ a, b }, pipelineSettings), jobsScript({ b, a }, pipelineSettings));
  });

  it("escapes what Jenkins would read as a secret's name", () => {
    const { jobs } = parse(cascYaml(cascJobs({}, pipelineSettings))) as {
      jobs: { script: string }[];
    };
    const [job] = jobs;
    assert.match(job?.script ?? "", /\^\$\{team\}/);
    assert.doesNotMatch(job?.script ?? "", /(?<!\^)\$\{/);
  });

  const literals: [value: Parameters<typeof groovyLiteral>[0], text: string][] = [
    ["plain", "'plain'"],
    ["it's \\ ${x}", "'it\\'s \\\\ ${x}'"],
    ["a\r\nb", "'a\\r\\nb'"],
    [true, "true"],
    [3, "3"],
    [["a", 1], "['a', 1]"],
    [{}, "[:]"],
    [{ "a-b": { c: [] } }, "['a-b': ['c': []]]"],
  ];
  for (const [value, text] of literals) {
    it(`writes ${JSON.stringify(value)} as a Groovy literal`, () => {
      assert.equal(groovyLiteral(value), text);
    });
  }
});
