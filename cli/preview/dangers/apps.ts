import { words } from "../markdown";
import type { Step } from "../steps";
import type { AppTraffic } from "../traffic";
import type { Violation } from "../events";
import type { Danger } from "./danger";

/** Returns releases that the rules do not allow. */
export function refusalDangers({ refusals }: AppTraffic): Danger[] {
  return refusals.map(({ app, rule, message, remedy }) => ({
    kind: "refused",
    text: words`${app} requests a release that the rules do not allow (${rule}): ${message}. What to do: ${remedy}.`,
  }));
}

/** Returns freezes and rules that were overridden. */
export function freezes(
  { app, frozen, overrides, releases }: AppTraffic,
  changed: readonly Step[],
): Danger[] {
  const own = [`App ${app}`, ...releases.map((release) => `Release ${release}`)];
  const touched = changed.some(({ parent }) => parent !== undefined && own.includes(parent));
  return [
    ...overrides.map((text): Danger => ({ kind: "override", text: words`${app}: ${text}.` })),
    ...(frozen !== undefined && (touched || overrides.length > 0)
      ? [{ kind: "frozen", text: words`${app} is changed although ${frozen}.` } as const]
      : []),
  ];
}

/** Returns the danger for a violation of the policy. */
export function violationDanger({ policy, object, message }: Violation): Danger {
  const text =
    object === undefined
      ? words`Policy ${policy} is broken: ${message}`
      : words`Policy ${policy} is broken by ${object}: ${message}`;
  return { kind: "policy", text };
}
