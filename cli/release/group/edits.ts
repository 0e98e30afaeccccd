import { lookup } from "../../../config/lookup";
import { keyOf } from "../../../releases";
import { checkAgain } from "../check";
import { configOf, isUnreleased, type Context } from "../context";
import { edits } from "../edits";
import { askedBy, type OpenGroup } from "./open";

/**
 * Edits of a group's files, one for each command. They do not save the files, and return the apps that
 * change.
 */
export const groupEdits = {
  /**
   * Starts a canary of each named app.
   * @param choices `<app>=<version>`, or `<app>=<version>-r<revision>`.
   */
  canary(open: OpenGroup, choices: readonly string[], weight: number): Context[] {
    const named = new Map(choices.map((text) => choiceOf(text, open)));
    const left = open.members.filter(
      ({ app, file }) => file.get(app, "canary") !== undefined && !named.has(app),
    );
    if (left.length > 0) {
      const apps = left.map(({ app }) => app).join(", ");
      throw new Error(
        `Group ${open.group.name} is under way: ${apps} has a canary; promote the group or roll it back first, or name a version of ${apps}, too.`,
      );
    }
    const changed = open.members.filter(({ app }) => named.has(app));
    const recorded = changed.map((member): [string, { from?: string; to: string }] => {
      const choice = named.get(member.app)!;
      const from = isUnreleased(member) ? undefined : keyOf(configOf(member).app.stable);
      edits.canary(member, choice, weight);
      return [member.app, { ...(from === undefined ? {} : { from }), to: keyOf(choice) }];
    });
    setRelease(open, Object.fromEntries(recorded));
    return changed;
  },

  /** Changes the share of every canary of the group. */
  weight(open: OpenGroup, weight: number): Context[] {
    const canaries = canariesOf(open);
    for (const member of canaries) edits.weight(member, weight);
    return canaries;
  },

  /** Makes every canary of the group stable; in a half-done group, the remaining ones. */
  async promote(open: OpenGroup): Promise<Context[]> {
    const canaries = canariesOf(open);
    for (const member of canaries) {
      await checkAgain(member);
      edits.promote(member);
    }
    return canaries;
  },

  /** Restores what ran before the group's last release, whatever step each app is at. */
  rollback(open: OpenGroup, now: boolean): Context[] {
    const changed = open.members.filter((member) => {
      const last = lookup(open.group.release, member.app);
      if (last === undefined) return false;
      const { stable, canary } = askedBy(member);
      if (canary?.key === last.to) edits.rollback(member, undefined, now);
      else if (stable === last.to && last.from !== undefined) {
        edits.rollback(member, last.from, now);
      } else return false;
      return true;
    });
    if (changed.length > 0) return changed;
    throw new Error(
      `Group ${open.group.name} cannot be rolled back: none of its apps runs the group's last release. Start one with: npx platform release group canary ${open.group.name} <app>=<version>… --stack ${open.platform}`,
    );
  },
};

/** Returns the apps of the group that have a canary of its last release. */
function canariesOf({ group, members, platform }: OpenGroup): Context[] {
  const canaries = members.filter((member) => {
    const last = lookup(group.release, member.app);
    return last !== undefined && askedBy(member).canary?.key === last.to;
  });
  if (canaries.length === 0) {
    throw new Error(
      `Group ${group.name} has no canary; start them with: npx platform release group canary ${group.name} <app>=<version>… --stack ${platform}`,
    );
  }
  return canaries;
}

function choiceOf(
  text: string,
  { group }: OpenGroup,
): [string, { version: string; revision: number }] {
  const [, app = "", version = "", revision = "1"] = /^([^=]+)=(.+?)(?:-r(\d+))?$/.exec(text) ?? [];
  const apps = group.waves.flat();
  if (version === "" || !apps.includes(app)) {
    throw new Error(
      `app: expected <app>=<version> with an app of group ${group.name} (${apps.join(", ")}), got "${text}"`,
    );
  }
  return [app, { version, revision: Number(revision) }];
}

/** Records the release in the group's file, so that one command can undo it. */
function setRelease({ file, group }: OpenGroup, release: OpenGroup["group"]["release"]): void {
  group.release = release;
  const node = file.document.createNode(release);
  for (const app of Object.keys(release)) {
    const entry = node.get(app, true) as { flow?: boolean } | undefined;
    if (entry !== undefined) entry.flow = true;
  }
  file.document.set("release", node);
}
