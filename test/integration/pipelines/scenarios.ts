import { readFileSync } from "node:fs";
import { join } from "node:path";
import { groovyLiteral, type GroovyValue } from "../../../components/ci/groovy";
import type { PipelineApp } from "../../../components/ci/jobs";
import { checkout } from "../../../local/toolchain/paths";
import { GroovyRunner, library, type ScriptResult, type Scenario } from "../../support/groovy";
import { pipelineSettings as settings } from "../../support/pipelines";

const jenkinsfile = readFileSync(join(checkout, "Jenkinsfile"), "utf8");

/** Address of the platform's repository. */
export const platformUrl = "https://git.test/ops/platform.git";

/** Returns a release of an app: by default, of version 1.5.0 to `online`. */
export function releaseScenario(
  params: Record<string, string>,
  app: PipelineApp,
  more: Partial<Scenario> = {},
): Scenario {
  const facts = { name: "shop", ...app, platform: settings };
  return {
    script: `appPipeline(${groovyLiteral(facts as unknown as GroovyValue)})`,
    params: { TYPE: "apply", BRANCH: "online", VERSION: "1.5.0", ...params },
    env: { BUILD_NUMBER: "7" },
    ...more,
  };
}

/** Runs pipelines with simulated steps. */
export class PipelineScenarios {
  private readonly known = new Map<string, Promise<ScriptResult[]>>();
  private readonly runner: GroovyRunner;

  /** @param jar path of the compiler. */
  constructor(jar: string) {
    this.runner = new GroovyRunner(jar);
  }

  /** Runs a pipeline; the same scenario is run once. */
  async run(scenario: Scenario): Promise<ScriptResult> {
    const key = JSON.stringify(scenario);
    const results = this.known.get(key) ?? this.runAll([scenario]);
    this.known.set(key, results);
    return (await results)[0] as ScriptResult;
  }

  /** Runs pipelines one after the other. */
  runAll(scenarios: Scenario[]): Promise<ScriptResult[]> {
    return this.runner.run(scenarios.map((scenario) => ({ library, ...scenario })));
  }

  /** Runs the pipeline of an app. */
  release(...given: Parameters<typeof releaseScenario>): Promise<ScriptResult> {
    return this.run(releaseScenario(...given));
  }

  /** Runs the pipeline of the stacks. */
  platform(env: Record<string, string>, more: Partial<Scenario> = {}): Promise<ScriptResult> {
    return this.run({
      script: jenkinsfile,
      env,
      url: platformUrl,
      output: "",
      ...more,
    });
  }

  /** Ends the process that runs them. */
  stop(): Promise<void> {
    return this.runner.stop();
  }
}
