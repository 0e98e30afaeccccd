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

/** Forced canaries of an hour, with a check. */
export const strict: ReleasePolicy = {
  forcedCanary: true,
  soak: 3600,
  checkRequired: true,
  retain: 1,
  secondRelease: "supersede",
};

/** Anything goes, as in a development stack. */
export const loose: ReleasePolicy = {
  ...strict,
  forcedCanary: false,
  soak: 0,
  checkRequired: false,
};

export const hour = 3600;
const beginning = Date.parse("2026-11-21T08:00:00Z");

/** Seconds after 2026-11-21T08:00:00Z, as a text. */
export function at(seconds: number): string {
  return new Date(beginning + seconds * 1000).toISOString();
}

/** A template that differs by one variable, `env.LEVEL`. */
export function template(level: string): DesiredApp["template"] {
  return { image: "registry.example.com/shop", env: { LEVEL: level } };
}

/** What canaries of these stories are made from; stable is made from level `info`. */
export const debug = template("debug");

/** The canary of {@link withCanary}. */
export const ten = { version: "1.5.0", weight: 10 };

/** What the remedy of a rule that an override sets aside ends with. */
export const emergency = "; in an emergency add override: { reason, by }";

export const override = { by: "ann", reason: "payments are down" };

/** What a check found of a release. */
export function check(
  release: string,
  seconds: number,
  verdict: CheckEvidence["verdict"] = "pass",
): CheckEvidence {
  return { verdict, at: at(seconds), release, samples: 1200 };
}

/** A config of the app `shop`: stable 1.4.2 unless told otherwise. */
export function shop(desired: Partial<DesiredApp> = {}): DesiredApp {
  return {
    name: "shop",
    stable: { version: "1.4.2" },
    template: template("info"),
    freezes: [],
    ...desired,
  };
}

/** One app's updates, each planned from what the last one recorded, through JSON as outputs go. */
export class Story {
  record: AppRecord | undefined;

  constructor(readonly policy: ReleasePolicy = strict) {}

  /** An update that must be legal; it is recorded. */
  up(desired: Partial<DesiredApp>, seconds: number, liveStable?: string): Plan {
    const made = this.planned(desired, seconds, liveStable);
    this.record = parseAppRecord(JSON.parse(JSON.stringify(made.next)), "shop");
    return made;
  }

  /** A preview that must be legal. */
  planned(desired: Partial<DesiredApp>, seconds: number, liveStable?: string): Plan {
    const answer = plan(this.record, shop(desired), at(seconds), this.policy, liveStable);
    if (answer.kind === "refusal") {
      assert.fail(answer.refusals.map(({ rule, message }) => `${rule}: ${message}`).join("\n"));
    }
    return answer;
  }

  /** A preview that must be refused: rule, message and remedy of each refusal. */
  refused(desired: Partial<DesiredApp>, seconds: number, liveStable?: string): string[][] {
    const before = JSON.stringify(this.record);
    const answer = plan(this.record, shop(desired), at(seconds), this.policy, liveStable);
    assert.equal(JSON.stringify(this.record), before, "a refusal changes nothing");
    if (answer.kind === "plan") assert.fail(`legal: ${texts(answer).join("; ")}`);
    return answer.refusals.map(({ rule, message, remedy }) => [rule, message, remedy]);
  }
}

/** What a plan does, in words. */
export function texts({ steps }: Plan): string[] {
  return steps.map(({ text }) => text);
}

/** Keys of a plan's releases by role: `stable 1.4.2 90%`. */
export function roles({ releases }: Plan): string[] {
  return releases.map(({ role, key, weight }) => `${role} ${key} ${weight}%`);
}

/** Stable 1.4.2 and canary 1.5.0 at 10% since the story's beginning. */
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
