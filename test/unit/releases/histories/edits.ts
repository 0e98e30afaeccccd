import { keyOf, type CheckEvidence, type DesiredApp } from "../../../../releases";
import { at, template } from "../story";
import type { Command } from "./turns";
import { withoutRecord, type World } from "./world";

/** Returns the world after a command, before an update. */
export function after(world: World, command: Command): World {
  switch (command.do) {
    case "wait":
      return { ...world, now: world.now + command.seconds };
    case "check":
      return checked(world, command);
    case "mature-and-promote": {
      const { verdict, skew, foreign, waits, next } = command;
      const later = { ...world, now: world.now + world.policy.soak + waits };
      const seen = checked(later, { verdict, skew, foreign });
      return { ...seen, config: edited(seen, { do: "promote", bringCheck: true, next }) };
    }
    case "policy":
      return { ...world, policy: command.policy };
    case "lose-record":
      return withoutRecord(world, command.sees);
    default:
      return { ...world, config: edited(world, command) };
  }
}

function checked(
  world: World,
  { verdict, skew, foreign }: { verdict: CheckEvidence["verdict"]; skew: number; foreign: boolean },
): World {
  const { canary, stable } = world.config;
  if (canary === undefined) return world;
  const subject = keyOf(foreign ? stable : canary);
  const evidence: CheckEvidence = {
    verdict,
    at: at(world.now + skew),
    release: subject,
    samples: 900,
  };
  return {
    ...world,
    config: { ...world.config, canary: { ...canary, check: evidence } },
    truth: { ...world.truth, checks: [...world.truth.checks, evidence] },
  };
}

type Edit = Exclude<
  Command,
  { do: "wait" | "check" | "mature-and-promote" | "policy" | "lose-record" }
>;

function edited(world: World, command: Edit): DesiredApp {
  const { config, record, now } = world;
  const { canary } = config;
  switch (command.do) {
    case "release": {
      const { release: asked, weight: share, level: changed } = command;
      const made = changed === undefined ? config.template : template(changed);
      return { ...config, template: made, canary: { ...asked, weight: share } };
    }
    case "weight":
      return canary === undefined
        ? config
        : { ...config, canary: { ...canary, weight: command.weight } };
    case "promote": {
      if (canary === undefined) return config;
      const { version, revision, check } = canary;
      const stable = { version, revision, ...(command.bringCheck ? { check } : {}) };
      return { ...config, stable, canary: command.next && { ...command.next, weight: 5 } };
    }
    case "rollback": {
      const kept = record?.retained ?? [];
      const target = record?.releases[kept[command.choice % kept.length] ?? ""];
      if (target === undefined) return config;
      const { version, revision } = target;
      return {
        ...config,
        stable: { version, revision },
        canary: command.keepCanary ? canary : undefined,
      };
    }
    case "return": {
      const past = (record?.history ?? []).flatMap(({ from }) => from ?? []);
      const version = past[command.choice % past.length] ?? config.stable.version;
      return { ...config, stable: { version } };
    }
    case "undo": {
      const former = record?.releases[record.retained[0] ?? ""];
      if (former === undefined) return config;
      const { version, revision } = former;
      return { ...config, stable: { version, revision }, canary: { ...config.stable, weight: 10 } };
    }
    case "abort":
      return { ...config, canary: undefined };
    case "hotfix":
      return {
        ...config,
        stable: command.release,
        canary: command.keepCanary ? canary : undefined,
      };
    case "override": {
      const { reason } = command;
      return { ...config, override: reason === undefined ? undefined : { by: "ann", reason } };
    }
    case "freeze":
      return {
        ...config,
        freezes: [{ scope: "app shop", until: at(now + command.seconds), reason: "sale" }],
      };
    case "unfreeze":
      return { ...config, freezes: [] };
    case "edit":
      return { ...config, template: template(command.level) };
    case "migration":
      return { ...config, migration: command.migration };
    case "floor":
      return { ...config, noRollbackBelow: command.version };
  }
}
