import { span } from "../../config/durations";
import { aligned } from "../stacks/report";
import type { FleetApp, FleetRelease } from "./apps";
import { age, canaryOf, keptOf, stableOf, type Found } from "./query";

const titles = [
  ...["APP", "ENVIRONMENT", "TEAM", "STABLE", "CANARY", "KEPT", "RUNTIME", "FROZEN", "DIFFERS"],
];

/** Returns the result of a query as a table, followed by what could not be read. */
export function foundText(found: Found[], now: Date): string {
  const rows = found.map(({ app, differs }) => [
    app.app,
    app.environment,
    app.team ?? "-",
    stableOf(app)?.key ?? "-",
    canaryText(canaryOf(app), now),
    joinTexts(keptOf(app).map(({ key }) => key)),
    app.runtime ?? "-",
    joinTexts(app.freezes.map(({ scope, until }) => `${scope} until ${until}`)),
    joinTexts(differs),
  ]);
  const unknown = found.flatMap(({ app }) => (app.source === "file" ? [app] : []));
  return [
    found.length === 0 ? "no app matches" : aligned([titles, ...rows]),
    ...(unknown.length === 0 ? [] : [unknownText(unknown, found.length)]),
  ].join("\n\n");
}

/** Returns the result of a query as JSON. */
export function foundJson(found: Found[]): string {
  const entries = found.map(({ app, differs }) => ({ ...app, record: undefined, differs }));
  return JSON.stringify(entries, undefined, 2);
}

/** `1.5.0 10% for 3 d`. */
export function canaryText(canary: FleetRelease | undefined, now: Date): string {
  if (canary === undefined) return "-";
  const since = canary.since === undefined ? "" : ` for ${span(age(canary.since, now))}`;
  return `${canary.key} ${canary.weight}%${since}`;
}

function unknownText(apps: FleetApp[], of: number): string {
  const reasons = [...new Set(apps.map(({ unknown }) => unknown ?? ""))].join("; ");
  return `${apps.length} of ${of} according to their files, without kept releases and ages: ${reasons}`;
}

function joinTexts(texts: string[]): string {
  return texts.join(", ") || "-";
}
