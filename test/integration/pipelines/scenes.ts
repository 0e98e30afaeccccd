import { readFileSync } from "node:fs";
import { join } from "node:path";
import { groovyLiteral, type GroovyValue } from "../../../components/ci/groovy";
import type { PipelineApp } from "../../../components/ci/jobs";
import { checkout } from "../../../local/toolchain/paths";
import { GroovyPlayer, library, type Played, type Scene } from "../../support/groovy";
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
  private readonly known = new Map<string, Promise<Played[]>>();
  private readonly player: GroovyPlayer;

  /** @param jar path of the compiler. */
  constructor(jar: string) {
    this.player = new GroovyPlayer(jar);
  }

  /** Runs a pipeline; the same scene is run once. */
  async play(scene: Scene): Promise<Played> {
    const key = JSON.stringify(scene);
    const played = this.known.get(key) ?? this.playAll([scene]);
    this.known.set(key, played);
    return (await played)[0] as Played;
  }

  /** Runs pipelines one after the other. */
  playAll(scenes: Scene[]): Promise<Played[]> {
    return this.player.play(scenes.map((scene) => ({ library, ...scene })));
  }

  /** Runs the pipeline of an app. */
  release(...given: Parameters<typeof releaseScene>): Promise<Played> {
    return this.play(releaseScene(...given));
  }

  /** Runs the pipeline of the stacks. */
  platform(env: Record<string, string>, more: Partial<Scene> = {}): Promise<Played> {
    return this.play({
      script: jenkinsfile,
      env,
      url: platformUrl,
      output: "",
      ...more,
    });
  }

  /** Ends the process that runs them. */
  stop(): Promise<void> {
    return this.player.stop();
  }
}
