import type { AppRecord } from "./record";
import { emergency, rolesText, type Finding, type RefusedRule } from "./refusal";
import { activeFreezes } from "./rules/freeze";
import { isUsed } from "./rules/override";
import type { Freeze, Override } from "./types";

/** An app that has a record but no release in the config. */
export interface Departure {
  name: string;
  record: AppRecord;
  /** Whether the config still declares the app, without `stable`. */
  declared: boolean;
  override?: Override;
  /** Freezes of the app in the config. */
  freezes: readonly Freeze[];
}

/** Whether an app may be removed from the config, or the reasons against it. */
export interface DepartureAnswer {
  refusals: RefusedRule[];
  /** Rules that the override overrides, a sentence each. */
  overridden: string[];
}

/**
 * Decides whether all objects of an app may be deleted. Neither a lost `stable` line nor a change during a
 * freeze may delete them. A freeze of the last update counts, because the change removes it together with the
 * app.
 */
export function departureOf(departure: Departure, now: number): DepartureAnswer {
  const { name, record, override } = departure;
  const findings = [...withoutStable(departure), ...frozen(departure, now)];
  if (findings.length === 0) return { refusals: [], overridden: [] };
  // An override is valid for one change.
  const used = { usedOverrides: record.usedOverride === undefined ? [] : [record.usedOverride] };
  if (override !== undefined && !isUsed(used, override)) {
    const { by, reason } = override;
    return {
      refusals: [],
      overridden: findings.map(
        ({ rule, message }) => `${by} overrides ${rule} (${message}): ${reason}`,
      ),
    };
  }
  const live = rolesText(record.stable, record.canary, record.retained);
  return {
    refusals: findings.map((it) => ({ ...it, app: name, asked: "nothing", live })),
    overridden: [],
  };
}

function withoutStable({ name, declared, record }: Departure): Finding[] {
  if (!declared) return [];
  return [
    {
      rule: "stable-missing",
      message: `${name} has no stable release in the config, and ${record.stable} is live: all of it would be deleted`,
      remedy: `put stable back, for example stable: { version: ${record.stable} }, or remove the app${emergency}`,
    },
  ];
}

function frozen({ name, declared, record, freezes }: Departure, now: number): Finding[] {
  const where = declared ? "" : ` to ${name} without stable`;
  return activeFreezes({ desired: { freezes }, record, now }).map(({ scope, until, reason }) => ({
    rule: "frozen",
    message: `${name} would be deleted, and ${scope} is frozen until ${until}: ${reason}`,
    remedy: `wait until then, or lift the freeze in a separate update${emergency}${where}`,
  }));
}
