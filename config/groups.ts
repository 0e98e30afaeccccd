import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { groupsFolder } from "./app-files";
import { expected, type ConfigError } from "./errors";
import { configErrors } from "./issues";
import { reasonOf } from "./reason";
import { name } from "./values";
import { readYaml } from "./yaml";

/** The release of one app in a group, and the release that was stable before. */
const groupRelease = z.strictObject({
  /** Key of the release that was stable before; omitted for an app's first release. */
  from: z.string().min(1).optional(),
  /** Key of the release that the group releases. */
  to: z.string().min(1),
});

/** A release group: apps of one platform that are released together. */
export const groupSchema = z.strictObject({
  /** Apps in the order of their release: the apps of a wave together, one wave after the other. */
  waves: z
    .array(
      z
        .array(name)
        .refine((wave) => wave.length > 0, "expected at least one app, got none; remove the wave"),
    )
    .refine((waves) => waves.length > 0, "expected at least one wave, got none"),
  /** The last release of the group, by app. `npx platform release group canary` writes it. */
  release: z.record(name, groupRelease).default({}),
});

/** @see {@link groupSchema} */
export type Group = z.infer<typeof groupSchema> & {
  name: string;
  /** Path of its file, relative to the project's folder. */
  file: string;
};

/** Releases in the file of an app, as far as groups need them. */
export interface RequestedReleases {
  /** Key of the stable release; omitted before the first one. */
  stable?: string;
  canary?: { key: string; weight: number };
}

/** The groups of a platform, and the errors in their files. */
export interface Groups {
  groups: Group[];
  /** Errors, with the text of the file that contains them. */
  problems: { file: string; text: string; errors: ConfigError[] }[];
}

/** Returns the name of a platform: that of the stack that declares it, without organization and project. */
export function platformNameOf(stack: string, platformStack: string | undefined): string {
  return platformStack?.split("/").at(-1) ?? stack;
}

/** Reads the release groups of a platform. */
export function readGroups(platform: string, folder = "."): Groups {
  const files = join(folder, groupsFolder, platform);
  const found: Groups = { groups: [], problems: [] };
  if (!existsSync(files)) return found;
  for (const entry of readdirSync(files).sort()) {
    const file = `${groupsFolder}/${platform}/${entry}`;
    const path = join(folder, file);
    const group = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)\.yaml$/.exec(entry)?.[1];
    const problem = (errors: ConfigError[]) =>
      found.problems.push({ file, text: readFileSync(path, "utf8"), errors });
    if (group === undefined) {
      if (!/\.ya?ml$/.test(entry)) continue;
      problem([{ key: file, message: expected("the name of a group and .yaml", entry) }]);
      continue;
    }
    try {
      const given: unknown = readYaml(path).document.toJS({ maxAliasCount: 100 });
      const parsed = groupSchema.safeParse(given, { reportInput: true });
      if (parsed.success) found.groups.push({ name: group, file, ...parsed.data });
      else problem(schemaErrors(file, parsed.error, given));
    } catch (error) {
      const message = reasonOf(error);
      problem([{ key: file, message: message.replace(`${path} `, "") }]);
    }
  }
  return found;
}

function schemaErrors(file: string, { issues }: z.ZodError, given: unknown): ConfigError[] {
  const root = "group:";
  return configErrors(root, groupSchema, issues, given).map(({ key, message }) => ({
    key: key === root ? file : `${file}: ${key.slice(root.length)}`,
    message,
  }));
}

/**
 * Returns the errors across the groups of a platform: an app that is in two groups or twice in one, that does
 * not exist, or that is released without being in the group; and stacks that would have to wait for each other.
 * @param stackOf returns the stack that declares an app of this name on the platform.
 */
export function groupErrors(
  groups: Group[],
  stackOf: (app: string) => string | undefined,
): ConfigError[] {
  const owners = new Map<string, string>();
  const errors: ConfigError[] = [];
  for (const { file, waves, release } of groups) {
    waves.forEach((wave, index) =>
      wave.forEach((app, place) => {
        const key = `${file}: waves[${index}][${place}]`;
        const owner = owners.get(app);
        if (stackOf(app) === undefined) {
          errors.push({ key, message: expected("an app of the platform", JSON.stringify(app)) });
        } else if (owner !== undefined) {
          const got = `${JSON.stringify(app)}, which ${owner} has; leave one of them out`;
          errors.push({ key, message: expected("an app that is in no group yet", got) });
        } else owners.set(app, `${file}: waves[${index}]`);
      }),
    );
    for (const app of Object.keys(release).filter((each) => !waves.flat().includes(each))) {
      const message = expected("an app of one of the waves", JSON.stringify(app), "remove it");
      errors.push({ key: `${file}: release.${app}`, message });
    }
  }
  return [...errors, ...groups.flatMap((group) => stackCycles(group, stackOf))];
}

/**
 * Returns stacks with apps both before and after those of another stack: one update cannot be before and after
 * another.
 */
function stackCycles(
  { file, waves }: Group,
  stackOf: (app: string) => string | undefined,
): ConfigError[] {
  const spans = new Map<string, { first: number; last: number }>();
  waves.forEach((wave, index) =>
    wave.forEach((app) => {
      const stack = stackOf(app);
      if (stack !== undefined)
        spans.set(stack, { first: spans.get(stack)?.first ?? index, last: index });
    }),
  );
  const all = [...spans];
  return all.flatMap(([stack, own], index) =>
    all.slice(index + 1).flatMap(([other, its]) => {
      if (own.first >= its.last || its.first >= own.last) return [];
      const got = `stacks ${stack} and ${other} each before and after the other`;
      const next = "put the apps of one of them into neighboring waves, or into separate stacks";
      return [{ key: `${file}: waves`, message: expected("an order of the stacks", got, next) }];
    }),
  );
}

/**
 * Whether the files of a group's apps ask for the releases before the group's release. Then the last wave goes
 * first.
 */
export function isRollback(
  { release }: Pick<Group, "release">,
  asked: (app: string) => RequestedReleases | undefined,
): boolean {
  const apps = Object.entries(release);
  return (
    apps.length > 0 &&
    apps.every(([app, { from }]) => {
      const { stable, canary } = asked(app) ?? {};
      return stable === from && canary === undefined;
    })
  );
}

/** Returns the apps of a group that take their step before an app does. */
export function appsBefore(group: Group, app: string, back: boolean): string[] {
  const waves = back ? [...group.waves].reverse() : group.waves;
  const own = waves.findIndex((wave) => wave.includes(app));
  return waves.slice(0, Math.max(own, 0)).flat();
}
