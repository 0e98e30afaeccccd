import type { PipelineApp, PipelineSettings } from "../../components/ci/jobs";

/** Settings of pipelines that release to one environment without a check, and to one with a check. */
export const pipelineSettings: PipelineSettings = {
  repository: { url: "https://git.test/ops/platform.git", branch: "main" },
  credentials: "git",
  repositoryHosts: ["git.test", "github.com"],
  stacks: { dev: { stack: "dev", check: false }, online: { stack: "prod", check: true } },
  registry: "harbor.test",
};

/** An app that is built from its repository. */
export const shopPipeline: PipelineApp = {
  team: "commerce",
  domain: "shop.test",
  repository: "https://git.test/commerce/shop.git",
  runtime: "tomcat:9.0.122",
  agent: "maven-jdk25",
  build: "maven",
};
