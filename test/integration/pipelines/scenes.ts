import { readFileSync } from "node:fs";
import { join } from "node:path";
import { groovyLiteral, type GroovyValue } from "../../../components/ci/groovy";
import type { PipelineApp } from "../../../components/ci/jobs";
import { checkout } from "../../../local/toolchain/paths";
import { library, playGroovy, type Played, type Scene } from "../../support/groovy";
import { pipelineSettings as settings } from "../../support/pipelines";

const jenkinsfile = readFileSync(join(checkout, "Jenkinsfile"), "utf8");

/** Address of the platform's repository. */
export const platformUrl = "https://git.test/ops/platform.git";

/** Returns a release of an app: by default, of version 1.5.0 to `online`. */
export function releaseScene(
  params: Record<string, string>,
  app: PipelineApp,
  more: Partial<Scene> = {},
): Scene {
  const facts = { name: "shop", ...app, platform: settings };
  return {
    script: `appPipeline(${groovyLiteral(facts as unknown as GroovyValue)})`,
    params: { TYPE: "apply", BRANCH: "online", VERSION: "1.5.0", ...params },
    env: { BUILD_NUMBER: "7" },
    ...more,
  };
}

/** Runs pipelines with simulated steps. */
export class PipelineScenes {
  private readonly known = new Map<string, Played>();

  /** @param jar path of the compiler. */
  constructor(private readonly jar: string) {}

  /** Runs a pipeline; the same scene is run once. */
  play(scene: Scene): Played {
    const key = JSON.stringify(scene);
    const played = this.known.get(key) ?? (this.playAll([scene])[0] as Played);
    this.known.set(key, played);
    return played;
  }

  /** Runs pipelines in a single process. */
  playAll(scenes: Scene[]): Played[] {
    return playGroovy(
      this.jar,
      scenes.map((scene) => ({ library, ...scene })),
    );
  }

  /** Runs the pipeline of an app. */
  release(...given: Parameters<typeof releaseScene>): Played {
    return this.play(releaseScene(...given));
  }

  /** Runs the pipeline of the stacks. */
  platform(env: Record<string, string>, more: Partial<Scene> = {}): Played {
    return this.play({
      script: jenkinsfile,
      env: { GIT_URL: platformUrl, ...env },
      output: "",
      ...more,
    });
  }
}
