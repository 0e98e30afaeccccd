import { limitedPods, observedParts } from "../../test/e2e/support/settings";
import { capacity, cpu, firstVersion, stepSeconds, weights } from "./settings";

type Config = Record<string, unknown>;

/** Name of the platform's own app. */
export const platformApp = "shop";

/** Changes the dev stack's config into one app, and the parts of the platform for its requests and their metrics. */
export function platformSettings(settings: Config): void {
  const parts = settings["platform:components"] as Record<string, Config>;
  settings["platform:components"] = observedParts(parts);
  settings["platform:releases"] = {
    forcedCanary: true,
    soak: `${stepSeconds}s`,
    checkRequired: true,
    // On a busy machine, both releases are slow now and then.
    check: { minimumRequests: 200, latencyFactor: 50 },
  };
  const { [platformApp]: app } = settings["platform:apps"] as Record<string, Config>;
  settings["platform:apps"] = {
    [platformApp]: {
      ...app,
      canary: undefined,
      stable: { version: firstVersion },
      steps: { weights: [...weights, 100], every: `${stepSeconds}s`, check: true },
      ...limitedPods(capacity, cpu),
    },
  };
}
