import type { Situation } from "./rules";
import { same } from "./template";
import type { AppRecord, Refusal, Step } from "./types";

/** What an update does, in the order in which it happens. */
export function stepsOf(situation: Situation, next: AppRecord, setAside: Refusal[]): Step[] {
  return [
    ...overrides(situation, setAside),
    ...deployments(situation, next),
    ...stable(situation),
    ...canary(situation),
    ...retirements(situation, next),
  ];
}

function overrides({ desired }: Situation, setAside: Refusal[]): Step[] {
  const { override } = desired;
  if (override === undefined) return [];
  if (setAside.length === 0) {
    const text = `the override of ${override.by} sets nothing aside; remove it`;
    return [{ kind: "notice", text }];
  }
  return setAside.map(({ rule, message }) => ({
    kind: "override",
    text: `${override.by} sets ${rule} aside (${message}): ${override.reason}`,
  }));
}

function deployments({ previous, change }: Situation, next: AppRecord): Step[] {
  const changed = Object.entries(next.releases).filter(([key, { template }]) => {
    const former = previous?.releases[key];
    return former !== undefined && !same(former.template, template);
  });
  return [
    ...change.added.map((key): Step => ({ kind: "deploy", text: `deploy ${key}` })),
    ...changed.map(([key]): Step => ({
      kind: "update-in-place",
      text: `replace the pods of ${key} one by one`,
    })),
  ];
}

function stable({ change: { stable: move, stableKey } }: Situation): Step[] {
  switch (move.kind) {
    case "none":
      return [];
    case "first":
      return [{ kind: "first", text: `${stableKey} is the first release and takes all requests` }];
    case "adopt":
      return [
        { kind: "adopt", text: `the record was lost; ${stableKey} is stable in the cluster` },
      ];
    case "promote":
      return [{ kind: "promote", text: `promote ${stableKey}; ${move.from} rests for a rollback` }];
    case "rollback":
      return [{ kind: "rollback", text: `roll back from ${move.from} to ${stableKey}` }];
    case "jump":
      return [{ kind: "jump", text: `${stableKey} takes the place of ${move.from} at once` }];
  }
}

function canary({ change: { canary: move, canaryKey } }: Situation): Step[] {
  switch (move.kind) {
    case "none":
      return [];
    case "start":
      return [{ kind: "start-canary", text: `${canaryKey} is canary with ${move.weight}%` }];
    case "weight":
      return [{ kind: "weight", text: `canary ${canaryKey}: ${move.from}% → ${move.to}%` }];
    case "supersede":
      return [
        {
          kind: "supersede",
          text: `${canaryKey} takes the place of canary ${move.former}, with ${move.weight}%`,
        },
      ];
    case "abort":
      return [{ kind: "abort", text: `canary ${move.former} ends; stable takes all requests` }];
  }
}

function retirements({ previous }: Situation, next: AppRecord): Step[] {
  return Object.keys(previous?.releases ?? {})
    .filter((key) => !(key in next.releases))
    .map((key) => ({ kind: "retire", text: `retire ${key}` }));
}
