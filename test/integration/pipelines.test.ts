import assert from "node:assert/strict";
import { groovyJar, jenkinsGroovy } from "../support/groovy";
import { skipWithoutJava } from "../support/java";
import { releasesApps } from "./pipelines/apps";
import { knowsItsPast } from "./pipelines/past";
import { PipelineScenarios } from "./pipelines/scenarios";
import { runsInShell } from "./pipelines/shell";
import { updatesStacks } from "./pipelines/stacks";

describe("the steps of the pipelines", () => {
  let scenarios: PipelineScenarios | undefined;
  before(async function () {
    skipWithoutJava(this, "Groovy's compiler comes by Maven and runs on Java");
    scenarios = new PipelineScenarios(await groovyJar(jenkinsGroovy));
  });
  after(() => scenarios?.stop());

  const started = (): PipelineScenarios => {
    assert.ok(scenarios);
    return scenarios;
  };

  releasesApps(started);
  updatesStacks(started);
  knowsItsPast(started);
  runsInShell(started);
});
