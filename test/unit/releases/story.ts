import assert from "node:assert/strict";
import {
  parseAppRecord,
  plan,
  type AppRecord,
  type CheckEvidence,
  type DesiredApp,
  type Plan,
  type ReleasePolicy,
} from "../../../releases";

/** Forced canaries for an hour, with a check. */
export const strict: ReleasePolicy = {
  forcedCanary: true,
  soak: 3600,
  checkRequired: true,
  retain: 1,
  secondRelease: "supersede",
};

/** No restrictions, as in a development stack. */
export const loose: ReleasePolicy = {
  ...strict,
  forcedCanary: false,
  soak: 0,
  checkRequired: false,
};

export const hour = 3600;
const beginning = Date.parse("2026-11-21T08:00:00Z");

/** Returns the time a number of seconds after 2026-11-21T08:00:00Z, as text. */
export function at(seconds: number): string {
  return new Date(beginning + Math.round(seconds * 1000)).toISOString();
}

/** Returns a template that differs in one variable, `env.LEVEL`. */
export function template(level: string): DesiredApp["template"] {
  return { image: "registry.example.com/shop", env: { LEVEL: level } };
}

/** Template of canaries in these stories; that of stable has level `info`. */
export const debug = template("debug");

/** The canary of {@link withCanary}. */
export const ten = { version: "1.5.0", weight: 10 };

/** End of the remedy for a rule that an override can bypass. */
export const emergency = "; in an emergency add override: { reason, by }";

export const override = { by: "ann", reason: "payments are down" };

/** Returns the result of a check of a release. */
export function check(
  release: string,
  seconds: number,
  verdict: CheckEvidence["verdict"] = "pass",
): CheckEvidence {
  return { verdict, at: at(seconds), release, samples: 1200 };
}

/** Returns a config of the app `shop`, by default with stable 1.4.2. */
export function shop(desired: Partial<DesiredApp> = {}): DesiredApp {
  return {
    name: "shop",
    stable: { version: "1.4.2" },
    template: template("info"),
    freezes: [],
    ...desired,
  };
}

/** One app's updates; each is planned from the record of the last one, after serialization to JSON like outputs. */
export class Story {
  record: AppRecord | undefined;

  constructor(readonly policy: ReleasePolicy = strict) {}

  /** Makes an update that must be legal, and records it. */
  up(desired: Partial<DesiredApp>, seconds: number, liveStable?: string): Plan {
    const made = this.planned(desired, seconds, liveStable);
    this.record = parseAppRecord(JSON.parse(JSON.stringify(made.next)), "shop");
    return made;
  }

  /** Returns a plan that must be legal. */
  planned(desired: Partial<DesiredApp>, seconds: number, liveStable?: string): Plan {
    const answer = plan(this.record, shop(desired), at(seconds), this.policy, liveStable);
    if (answer.kind === "refusal") {
      assert.fail(answer.refusals.map(({ rule, message }) => `${rule}: ${message}`).join("\n"));
    }
    return answer;
  }

  /** Returns the rule, message and remedy of each refusal of a preview that must be refused. */
  refused(desired: Partial<DesiredApp>, seconds: number, liveStable?: string): string[][] {
    const before = JSON.stringify(this.record);
    const answer = plan(this.record, shop(desired), at(seconds), this.policy, liveStable);
    assert.equal(JSON.stringify(this.record), before, "a refusal changes nothing");
    if (answer.kind === "plan") assert.fail(`legal: ${texts(answer).join("; ")}`);
    return answer.refusals.map(({ rule, message, remedy }) => [rule, message, remedy]);
  }
}

/** Returns the steps of a plan as text. */
export function texts({ steps }: Plan): string[] {
  return steps.map(({ text }) => text);
}

/** Returns a plan's releases by role: `stable 1.4.2 90%`. */
export function roles({ releases }: Plan): string[] {
  return releases.map(({ role, key, weight }) => `${role} ${key} ${weight}%`);
}

/** Stable 1.4.2 and canary 1.5.0 at 10% since the beginning of the story. */
export function withCanary(policy: ReleasePolicy = strict): Story {
  const story = new Story(policy);
  story.up({}, -hour);
  story.up({ canary: ten, template: debug }, 0);
  return story;
}

/** {@link withCanary}, promoted after its hour. */
export function promoted(policy: ReleasePolicy = strict): Story {
  const story = withCanary(policy);
  const stable = { version: "1.5.0", check: check("1.5.0", hour) };
  story.up({ stable, template: debug }, hour);
  return story;
}
