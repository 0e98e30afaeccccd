import {
  isRollback,
  groupErrors,
  platformNameOf,
  readGroups,
  type Group,
} from "../../../config/groups";
import { keysOf, askedOf } from "../../../program/asked";
import { appsOf, discover, platformStackOf, type StackEntry } from "../../stacks/discover";
import type { Context } from "../context";
import { OpenStack } from "../open";
import type { StackFile } from "../stack-file";
import { YamlFile } from "../yaml-file";

/** A group with the stacks that declare its apps. */
export interface FoundGroup {
  /** Name of its platform's stack. */
  platform: string;
  group: Group;
  /** All stacks of the platform. */
  entries: StackEntry[];
  stackOf: (app: string) => string;
}

/** A group whose apps are open, in the order of the waves. */
export interface OpenGroup extends FoundGroup {
  file: YamlFile;
  members: Context[];
}

/**
 * Finds a group in the files of the project.
 * @param stack a stack of the group's platform.
 * @throws Error with all errors of the platform's groups.
 */
export function findGroup(name: string, stack: string): FoundGroup {
  const all = discover(".");
  const entry = all.find((each) => each.name === stack);
  if (entry === undefined) {
    throw new Error(
      `--stack: expected one of ${all.map((each) => each.name).join(", ")}, got "${stack}"`,
    );
  }
  const platformOf = (each: StackEntry) => platformNameOf(each.name, platformStackOf(each));
  const platform = platformOf(entry);
  const entries = all.filter((each) => platformOf(each) === platform);
  const { groups, problems } = readGroups(platform);
  const owner = (app: string) => entries.find((each) => appsOf(each).includes(app))?.name;
  const errors = [...problems.flatMap((problem) => problem.errors), ...groupErrors(groups, owner)];
  if (errors.length > 0) {
    const lines = errors.map(({ key, message }) => `  ${key}: ${message}`);
    throw new Error(
      ["The release groups are not valid; nothing was changed.", ...lines].join("\n"),
    );
  }
  const group = groups.find((each) => each.name === name);
  if (group === undefined) {
    const known = groups.map((each) => each.name).join(", ") || "none";
    throw new Error(`group: expected a group of platform ${platform} (${known}), got "${name}"`);
  }
  return { platform, group, entries, stackOf: (app) => owner(app) ?? "" };
}

/** Opens every app of a group: the file of each stack once, with the record of its last update. */
export async function openGroup(found: FoundGroup): Promise<OpenGroup> {
  const stacks = new Map<string, OpenStack>();
  const members: Context[] = [];
  for (const app of found.group.waves.flat()) {
    const stack = found.stackOf(app);
    const opened = stacks.get(stack) ?? new OpenStack({ stack });
    stacks.set(stack, opened);
    members.push(await opened.context(app));
  }
  return { ...found, file: new YamlFile(found.group.file), members };
}

/** Returns what the edited file of an app asks for. */
export function askedBy({ file, app }: Pick<Context, "file" | "app">) {
  return keysOf(askedOf({ stable: file.get(app, "stable"), canary: file.get(app, "canary") }));
}

/** Returns the files of a group's stacks, each once. */
export function filesOf({ members }: OpenGroup): StackFile[] {
  return [...new Set(members.map(({ file }) => file))];
}

/** Returns the stacks of a group in the order of their updates. */
export function stacksInOrder({ group, members }: OpenGroup): string[] {
  const back = isRollback(group, (app) => {
    const member = members.find((each) => each.app === app);
    return member && askedBy(member);
  });
  const stacks = members.map(({ stack }) => stack);
  return [...new Set(back ? stacks.reverse() : stacks)];
}
