import type { RequestedReleases, Group } from "../../config/groups";
import { platformNameOf, readGroups } from "../../config/groups";
import { lookup } from "../../config/lookup";
import { keysOf } from "../../program/asked";
import { releasesText } from "../../program/groups";
import { platformStackOf, type StackEntry } from "../stacks/discover";
import { aligned } from "../stacks/report";
import type { FleetApp } from "./apps";

/** An app of a group, with the releases in its file and in the record of its last update. */
export interface GroupMember {
  app: string;
  /** Number of its wave, from 1. */
  wave: number;
  stack: string;
  asked: string;
  recorded: string;
  /** Whether file and record agree. */
  done: boolean;
}

/** The state of a group's last release. */
export interface GroupState {
  platform: string;
  group: Group;
  members: GroupMember[];
  /** `half`: its apps are at different steps. `pending`: no update has taken the step yet. */
  kind: "none" | "whole" | "pending" | "half";
  /** A sentence. */
  text: string;
  /** What to do about it, a line each. */
  next: string[];
}

/** Returns the groups of all platforms of some stacks, with their states. */
export function groupStates(entries: StackEntry[], apps: FleetApp[], project = "."): GroupState[] {
  const platforms = new Map<string, Set<string>>();
  for (const entry of entries) {
    const platform = platformNameOf(entry.name, platformStackOf(entry));
    platforms.set(platform, (platforms.get(platform) ?? new Set()).add(entry.name));
  }
  return [...platforms].flatMap(([platform, stacks]) =>
    readGroups(platform, project).groups.map((group) =>
      groupState(
        platform,
        group,
        apps.filter(({ stack }) => stacks.has(stack)),
      ),
    ),
  );
}

/**
 * Returns the state of a group's last release.
 * @param apps the apps of its platform.
 */
export function groupState(platform: string, group: Group, apps: FleetApp[]): GroupState {
  const found = group.waves.flatMap((wave, index) =>
    wave.flatMap((name) => {
      const app = apps.find((each) => each.app === name);
      return app === undefined ? [] : [{ app, wave: index + 1 }];
    }),
  );
  const members = found.map(({ app, wave }) => memberOf(app, wave));
  const released = found.filter(({ app }) => lookup(group.release, app.app) !== undefined);
  const made = { platform, group, members };
  if (released.length === 0) {
    return { ...made, kind: "none", text: "nothing has been released as a group yet", next: [] };
  }
  const stages = released.map(({ app }) => stagesOf(app, group));
  // A first release has no canary, so it is complete immediately.
  const compared = stages.filter(({ first }) => !first);
  const asked = new Set(compared.map((stage) => stage.asked));
  const recorded = new Set(compared.map((stage) => stage.recorded));
  const undone = members.filter(
    ({ app, done }) => !done && lookup(group.release, app) !== undefined,
  );
  if (asked.size <= 1 && undone.length === 0) {
    const stage = [...asked][0] ?? "released";
    const text = stage.startsWith("canary") ? `every app has a ${stage}` : `every app is ${stage}`;
    return { ...made, kind: "whole", text, next: [] };
  }
  const kind = asked.size <= 1 && recorded.size <= 1 ? "pending" : "half";
  const back = `roll back: npx platform release group rollback ${group.name} --stack ${platform}`;
  const stacks = [...new Set(undone.map(({ stack }) => stack))];
  const on = [
    ...(asked.size > 1
      ? [`continue: npx platform release group promote ${group.name} --stack ${platform}`]
      : []),
    ...stacks.map((stack) => `continue: npx platform stacks up --filter ${stack}`),
  ];
  const text =
    kind === "pending"
      ? `no update has taken its step yet: ${[...asked][0] ?? ""} is requested`
      : `half-done: ${members
          .filter(({ app }) => lookup(group.release, app))
          .map(
            (it) =>
              `${it.app} is at ${it.recorded}${it.done ? "" : `, but its file requests ${it.asked}`}`,
          )
          .join("; ")}`;
  return { ...made, kind, text, next: [...on, back] };
}

function memberOf(app: FleetApp, wave: number): GroupMember {
  const asked = releasesText(keysOf(app.asked));
  const recorded =
    app.record === undefined ? (app.unknown ?? "not recorded") : releasesText(app.record);
  return { app: app.app, wave, stack: app.stack, asked, recorded, done: asked === recorded };
}

function stagesOf(
  app: FleetApp,
  { release }: Group,
): { asked: string; recorded: string; first: boolean } {
  const { from, to } = lookup(release, app.app) ?? { to: "" };
  const stage = ({ stable, canary }: Pick<RequestedReleases, "stable" | "canary"> = {}): string => {
    if (canary?.key === to) return `canary at ${canary.weight}%`;
    if (stable === to) return "promoted";
    return stable === from && canary === undefined ? "as before" : "at another release";
  };
  return {
    asked: stage(keysOf(app.asked)),
    recorded: stage(app.record),
    first: from === undefined,
  };
}

/** Returns a group's state in the format of `release group status`. */
export function groupText({ platform, group, members, text, next }: GroupState): string {
  const rows = [
    ["WAVE", "APP", "STACK", "ASKED", "RECORDED"],
    ...members.map(({ wave, app, stack, asked, recorded }) => [
      String(wave),
      app,
      stack,
      asked,
      recorded,
    ]),
  ];
  const title = `group ${group.name} of ${platform}: ${text}`;
  return [title, aligned(rows), ...next.map((line) => `  ${line}`)].join("\n");
}
