import type { AppRecord } from "./record";
import { emergency, rolesText, type Finding, type RefusedRule } from "./refusal";
import { activeFreezes } from "./rules/freeze";
import { isUsed } from "./rules/override";
import type { Freeze, Override } from "./types";

/** An app that a record describes and of which the config does not name a release. */
export interface Departure {
  name: string;
  record: AppRecord;
  /** Whether the config still declares the app, without `stable`. */
  declared: boolean;
  override?: Override;
  /** Those that the config has for it. */
  freezes: readonly Freeze[];
}

/** Removal of an app from the config: allowed, or the reasons against it. */
export interface DepartureAnswer {
  refusals: RefusedRule[];
  /** Rules that the override sets aside, a sentence each. */
  overridden: string[];
}

/**
 * Whether all of an app may be deleted. A lost `stable` line must not do it, and neither may a change
 * during a freeze; a freeze of the last update counts, as the change takes it away with the app.
 */
export function departureOf(departure: Departure, now: number): DepartureAnswer {
  const { name, record, override } = departure;
  const findings = [...withoutStable(departure), ...frozen(departure, now)];
  if (findings.length === 0) return { refusals: [], overridden: [] };
  // An override serves one change.
  if (override !== undefined && !isUsed({ record }, override)) {
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
    remedy: `wait until then, or lift the freeze in an update of its own${emergency}${where}`,
  }));
}
