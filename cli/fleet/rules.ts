import { isMap } from "../../config/is-map";
import { lookup } from "../../config/lookup";
import { duration } from "../../config/values";
import type { AppRecord, Freeze } from "../../releases";

/** Returns the freezes of the stack, of the team and of the app. */
export function freezesOf(
  config: Record<string, unknown>,
  value: Record<string, unknown>,
  app: string,
  team: string | undefined,
  now: Date,
): Freeze[] {
  const teams = config["platform:teamFreezes"];
  const all: [scope: string, freeze: unknown][] = [
    ["every app", config["platform:freeze"]],
    ...(team !== undefined && isMap(teams)
      ? ([[`team ${team}`, lookup(teams, team)]] as [string, unknown][])
      : []),
    [`app ${app}`, value["freeze"]],
  ];
  return all.flatMap(([scope, freeze]) => {
    if (!isMap(freeze)) return [];
    const until = timeOf(freeze["until"]);
    if (until === undefined || until <= now.toISOString()) return [];
    return [{ scope, until, reason: text(freeze["reason"]) ?? "" }];
  });
}

/** Returns the stack's soak time, or that of the last update if it is longer. */
export function soakOf(config: Record<string, unknown>, record: AppRecord | undefined): number {
  const releases = config["platform:releases"];
  const parsed = duration.safeParse(isMap(releases) ? (releases["soak"] ?? "24h") : "24h");
  return Math.max(parsed.success ? parsed.data : 0, record?.guard?.soak ?? 0);
}

function timeOf(value: unknown): string | undefined {
  const time = Date.parse(String(value));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
