import { parse } from "yaml";
import { isMap } from "../../config/is-map";
import { canonical } from "../../releases/template";
import type { Git } from "./commits";
import type { Danger } from "./dangers";
import { code, words } from "./markdown";

/** The one list of exceptions from the policy's rules. */
const exceptionsFile = "policy/exceptions.ts";
const policyKey = "platform:policy";
/** Lines that are shown. */
const most = 6;

/** The stack's config before and after the change. */
interface StackPolicy {
  /** Path of the stack's file, from the repository's folder. */
  file: string;
  /** Section `platform:policy` as it is now. */
  present: unknown;
}

/**
 * What a change edits of the policy that it is checked against: a rule that has a new exception, or a
 * wider setting, breaks nothing any more, so nothing else would tell.
 * @param base commit before the change; without it there is nothing to compare with.
 */
export function policyEdits(git: Git, base: string | undefined, stack: StackPolicy): Danger[] {
  return base === undefined
    ? []
    : [...newExceptions(git, base), ...otherSettings(git, base, stack)];
}

function newExceptions(git: Git, base: string): Danger[] {
  const difference = git("diff", "--unified=0", "--no-color", base, "--", exceptionsFile) ?? "";
  const added = difference.split("\n").filter((line) => /^\+(?!\+\+ )\s*\S/.test(line));
  if (added.length === 0) return [];
  const shown = added.slice(0, most).map((line) => code(line.slice(1).trim()));
  const more = added.length > most ? ` and ${added.length - most} more lines` : "";
  const text = words`${exceptionsFile}, the list of exceptions from the policy's rules, gets: `;
  return [{ kind: "policy", text: `${text}${shown.join(", ")}${more}.` }];
}

function otherSettings(git: Git, base: string, { file, present = {} }: StackPolicy): Danger[] {
  const source = git("show", `${base}:./${file}`);
  // A new stack, or one whose file is elsewhere, had none.
  if (source === undefined) return [];
  const former = policyIn(parse(source));
  if (canonical(former) === canonical(present)) return [];
  const [old, now] = [JSON.stringify(former), JSON.stringify(present)];
  return [
    { kind: "policy", text: words`${policyKey} of the stack changes from ${old} to ${now}.` },
  ];
}

function policyIn(parsed: unknown): unknown {
  return (isMap(parsed) && isMap(parsed.config) ? parsed.config[policyKey] : undefined) ?? {};
}
