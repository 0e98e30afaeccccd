import { parseStack, type AppConfig, type StackConfig } from "../config";
import { departureTable, liveTable, trafficTable } from "../release/commands/table";
import { keyOf, plan, runningReleases } from "../release/machine";
import type { AppRecord, Plan, RefusedRule } from "../release/machine";
import { desiredApp } from "../release/program";
import { policyOf } from "../release/policy";
import { recordFrom } from "../release/records";

/** What becomes of one app's traffic. */
export interface AppTraffic {
  app: string;
  /** Releases with image, role and share of the requests, before and after, as aligned text. */
  table: string;
  /** Whether any release, role or share changes. */
  changes: boolean;
  /** What the update does, and what a reviewer should know, a sentence each. */
  sentences: string[];
  refusals: RefusedRule[];
  /** A freeze in force, in a sentence. */
  frozen?: string;
  /** Rules that a written reason sets aside, a sentence each. */
  overrides: string[];
  /** Commands that bring back who had which share. */
  undo: string[];
  /** Names of its releases' objects, before and after. */
  releases: string[];
  /** Release that each of its Services selects after the update, by the Service's name. */
  selected: Record<string, string>;
}

/**
 * Decides for every app what the program decides in its preview.
 * @param values the stack's config by key, without the `platform:` in front.
 * @param records what the last update recorded.
 * @throws ProgramError for a config or a record that cannot be read; the preview has failed with it.
 */
export function trafficOf(
  stack: string,
  values: Record<string, unknown>,
  records: Record<string, unknown>,
  now: Date,
): AppTraffic[] {
  const config = parseStack(stack, values);
  const departed = Object.keys(records).filter((name) => !Object.hasOwn(config.apps, name));
  return [
    ...Object.entries(config.apps).map(([name, app]) => {
      const record = records[name] === undefined ? undefined : recordFrom(records[name], name);
      return decided(stack, name, app, config, record, now);
    }),
    ...departed.map((name) => gone(name, recordFrom(records[name], name))),
  ].sort((a, b) => (a.app < b.app ? -1 : 1));
}

function decided(
  stack: string,
  name: string,
  app: AppConfig,
  config: StackConfig,
  record: AppRecord | undefined,
  now: Date,
): AppTraffic {
  const running = record === undefined ? [] : runningReleases(record, name).map((it) => it.name);
  const answer = plan(record, desiredApp(name, app, config), now, policyOf(config.releases));
  if (answer.kind === "refusal") {
    const table = record === undefined ? "nothing runs" : liveTable(name, record);
    return { ...quiet(name, table), releases: running, refusals: answer.refusals };
  }
  const { steps, notices, services } = answer;
  const changes = steps.some(({ kind }) => kind !== "nothing");
  return {
    ...quiet(name, trafficTable(name, record, answer, app)),
    changes,
    sentences: [...steps.filter(({ kind }) => kind !== "nothing"), ...notices].map((it) => it.text),
    frozen: notices.find(({ kind }) => kind === "freeze-in-force")?.text,
    overrides: steps.filter(({ kind }) => kind === "override").map(({ text }) => text),
    undo: record === undefined || !changes ? [] : undoing(stack, name, record, answer),
    releases: [...running, ...answer.releases.map((it) => it.name)],
    selected: { [`${name}-stable`]: services.stable, [`${name}-canary`]: services.canary },
  };
}

function gone(name: string, record: AppRecord): AppTraffic {
  return {
    ...quiet(name, departureTable(name, record)),
    changes: true,
    sentences: ["the config no longer names this app: all of it is deleted"],
  };
}

function quiet(app: string, table: string): AppTraffic {
  const lists = { sentences: [], refusals: [], overrides: [], undo: [], releases: [] };
  return { app, table, changes: false, ...lists, selected: {} };
}

/** The commands that bring back what the record says, from what the plan makes of it. */
function undoing(stack: string, app: string, record: AppRecord, after: Plan): string[] {
  const { stable, canary } = record;
  const command = (verb: string, rest: string) =>
    `npm run release -- ${verb} ${app}${rest} --stack ${stack} --update`;
  const moved = after.stable !== stable;
  const back = moved ? [command("rollback", ` ${stable}`)] : [];
  if (canary === undefined) {
    return moved || after.canary === undefined ? back : [command("rollback", "")];
  }
  if (!moved && after.canary === canary.key) {
    const same = after.weights.canary === canary.weight;
    return same ? [] : [command("weight", ` ${canary.weight}`)];
  }
  const release = record.releases[canary.key];
  if (release === undefined) return back;
  const { version, revision } = release;
  const which =
    keyOf({ version, revision }) === version ? version : `${version} --revision ${revision}`;
  return [...back, command("canary", ` ${which} --weight ${canary.weight}`)];
}
