import { appCount, appName, appOf, appStackConfig } from "./config";
import { measure } from "./measure/command";
import { measureInterleaved, type Alternative } from "./measure/rounds";
import type { Report } from "./measure/report";
import { setConfig, type Say, type World } from "./world";

/** The two shares between which the canary alternates, percent. */
const [small, large] = [10, 50];

/**
 * Measures a release of one app in its own stack, with few and with many apps on the same platform, and compares it
 * with kubectl for the objects of a second app.
 */
export async function releaseBenchmark(worlds: World[], rounds: number, say: Say): Promise<Report> {
  const releases: OneApp[] = [];
  // Sequentially, because a run of the program uses the SDK's global state.
  for (const world of worlds) releases.push(await OneApp.of(world));
  const steps: Step[] = ["preview", "kubectl diff", "up", "kubectl apply", "promote", "canary"];
  const alternatives = steps.flatMap((step) =>
    releases.map((release): Alternative => {
      const others = step.startsWith("kubectl") ? undefined : beside[step];
      const first = releases[0] ?? release;
      return {
        name: title(step, release.apps),
        run: (round) => release.run(step, round),
        against:
          release !== first ? title(step, first.apps) : others && title(others, release.apps),
      };
    }),
  );
  return {
    name: "release",
    title: "One app's release",
    results: await measureInterleaved(rounds, alternatives, say),
    notes: [],
  };
}

type Step = "preview" | "kubectl diff" | "up" | "kubectl apply" | "promote" | "canary";

/** The command of kubectl for each step. */
const beside: Partial<Record<Step, Step>> = { preview: "kubectl diff", up: "kubectl apply" };

const titles: Record<Step, string> = {
  preview: "preview of the canary's share",
  "kubectl diff": "kubectl diff of the same",
  up: "update of the canary's share",
  "kubectl apply": "kubectl apply of the same",
  promote: "update that promotes the canary",
  canary: "update that starts the next canary",
};

function title(step: Step, apps: number): string {
  return `${titles[step]}, ${appCount(apps)}`;
}

/** An app of a world, and its twin for kubectl. */
class OneApp {
  private stable = "1.4.2";
  private canary = "1.5.0";

  private constructor(
    private readonly world: World,
    private readonly files: Record<number, string>,
  ) {}

  static async of(world: World): Promise<OneApp> {
    const files: Record<number, string> = {};
    for (const weight of [large, small]) {
      const objects = await world.objects({ twin: { ...appOf(0, weight), domain: "twin.test" } });
      files[weight] = world.write(`twin-${weight}`, objects);
    }
    await measure(world.kubectl("apply", files[small] ?? ""));
    return new OneApp(world, files);
  }

  get apps(): number {
    return this.world.apps;
  }

  run(step: Step, round: number) {
    const { world } = this;
    // The twin's canary is never promoted; its share alternates.
    const file = this.files[round % 2 === 1 ? large : small] ?? "";
    switch (step) {
      case "preview":
        this.ask({ version: this.stable }, { version: this.canary, weight: large });
        return measure(world.pulumi("preview", world.app));
      case "kubectl diff":
        return measure(world.kubectl("diff", file));
      case "kubectl apply":
        return measure(world.kubectl("apply", file));
      case "promote":
        this.stable = this.canary;
        // Without waiting for a second pod, which only an autoscaler would start (bench/world.ts).
        this.ask({ version: this.stable, now: true });
        break;
      case "canary":
        this.canary = `1.5.${round}`;
        this.ask({ version: this.stable }, { version: this.canary, weight: small });
    }
    return measure(world.pulumi("up", world.app));
  }

  private ask(stable: object, canary?: object): void {
    const app = { ...appOf(0), stable, canary };
    setConfig(this.world.app, appStackConfig({ [appName(0)]: app }, this.world.platform.name));
  }
}
