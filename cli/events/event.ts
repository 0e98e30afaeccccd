import { createHash } from "node:crypto";
import type { EventKind } from "../../config/notifications";
import type { CheckEvidence, RefusedRule, Transition } from "../../releases";

/** One transition of a release, in the form that a webhook receives. */
export interface ReleaseEvent {
  schema: 1;
  /**
   * Identifies the transition, whichever command sends the event. A receiver can ignore a key that it has
   * already seen.
   */
  key: string;
  kind: EventKind;
  app: string;
  team?: string;
  environment: string;
  stack: string;
  /** UTC, ISO 8601. */
  at: string;
  /** A sentence for people. */
  text: string;
  release?: string;
  /** Stable release before. */
  from?: string;
  /** Share of the canary, percent. */
  weight?: number;
  by?: string;
  reason?: string;
  verdict?: CheckEvidence["verdict"];
  /** Number of requests that the check counted. */
  samples?: number;
  until?: string;
}

/** The app and the stack of an event. */
export interface Place {
  app: string;
  team?: string;
  environment: string;
  stack: string;
  /** Whether the app is a worker, whose shares are shares of its pods. Events do not contain this. */
  isWorker?: boolean;
}

/** Returns the event of a transition that an update recorded. */
export function transitionEvent(place: Place, transition: Transition): ReleaseEvent {
  const { scope, ...facts } = transition;
  const id = [transition.at, transition.release ?? scope ?? "", transition.until ?? ""];
  return event(place, { ...facts, text: textOf(transition, place.isWorker) }, id);
}

/** Returns the event of a check: one for each verdict on a release, however often it is checked. */
export function checkEvent(place: Place, check: CheckEvidence): ReleaseEvent {
  const { verdict, samples, at, release } = check;
  const seen = place.isWorker === true ? "" : `, ${samples} requests`;
  const text = `check of canary ${release}: ${verdict}${seen}`;
  return event(place, { kind: "check", at, release, verdict, samples, text }, [release, verdict]);
}

/** Returns the event of a refused release: one for each request. */
export function refusedEvent(
  place: Place,
  refusals: readonly RefusedRule[],
  at: string,
): ReleaseEvent {
  const messages = refusals.map(({ message, rule }) => `${message} (${rule})`);
  const asked = refusals.map(({ asked: wanted, rule }) => `${rule} ${wanted}`);
  return event(place, { kind: "refused", at, text: `refused: ${messages.join("; ")}` }, asked);
}

function event(
  place: Place,
  facts: Omit<ReleaseEvent, "schema" | "key" | keyof Place>,
  id: string[],
): ReleaseEvent {
  const { app, team, environment, stack } = place;
  const hash = createHash("sha256").update(JSON.stringify([stack, app, facts.kind, ...id]));
  return {
    schema: 1,
    key: hash.digest("hex").slice(0, 32),
    app,
    ...(team === undefined ? {} : { team }),
    environment,
    stack,
    ...facts,
    text: `${app} in ${environment}: ${facts.text}`,
  };
}

function textOf(
  { kind, release = "", from, weight = 0, by, reason, scope, until }: Transition,
  isWorker = false,
): string {
  const all = isWorker ? "pods" : "requests";
  switch (kind) {
    case "first":
      return `${release} is its first stable release`;
    case "canary":
      return `${release} is the canary with ${weight}% of the ${all}`;
    case "weight":
      return `canary ${release} now has ${weight}% of the ${all}`;
    case "end":
      return `canary ${release} ended without promotion`;
    case "promote":
      return `${release} is now stable${from === undefined ? "" : `, in place of ${from}`}`;
    case "rollback":
      return `rolled back to ${release}${from === undefined ? "" : ` from ${from}`}`;
    case "override":
      return `${by ?? "somebody"} overrode rules for ${release}: ${reason ?? ""}`;
    case "freeze":
      return `${scope ?? "it"} is frozen until ${until ?? ""}: ${reason ?? ""}`;
  }
}
