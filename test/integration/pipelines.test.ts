import assert from "node:assert/strict";
import { groovyJar, jenkinsGroovy } from "../support/groovy";
import { skipWithoutJava } from "../support/java";
import { releasesApps } from "./pipelines/apps";
import { knowsItsPast } from "./pipelines/past";
import { PipelineScenes } from "./pipelines/scenes";
import { runsInShell } from "./pipelines/shell";
import { updatesStacks } from "./pipelines/stacks";

describe("what pipelines do", () => {
  let scenes: PipelineScenes | undefined;
  before(async function () {
    skipWithoutJava(this, "Groovy's compiler comes by Maven and runs on Java");
    scenes = new PipelineScenes(await groovyJar(jenkinsGroovy));
  });
  after(() => scenes?.stop());

  const started = (): PipelineScenes => {
    assert.ok(scenes);
    return scenes;
  };

  releasesApps(started);
  updatesStacks(started);
  knowsItsPast(started);
  runsInShell(started);
});
