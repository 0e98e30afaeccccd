import { parse } from "yaml";
import { isMap } from "../../config/is-map";
import { canonical } from "../../releases/template";
import type { Git } from "./commits";
import type { Danger } from "./dangers";
import { code, words } from "./markdown";

/** File with the exceptions from the policy's rules. */
const exceptionsFile = "policy/exceptions.ts";
const policyKey = "platform:policy";
/** Maximum number of lines that are shown. */
const maxShownLines = 6;

/** The stack's config before and after the change. */
interface StackPolicy {
  /** Path of the stack file, relative to the repository's folder. */
  file: string;
  /** Section `platform:policy` after the change. */
  present: unknown;
}

/**
 * Returns edits of the policy that the change itself is checked against: a rule with a new exception, or a
 * wider setting, no longer reports anything, so nothing else would show it.
 * @param base commit before the change. Without it, there is nothing to compare with.
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
  const shown = added.slice(0, maxShownLines).map((line) => code(line.slice(1).trim()));
  const more =
    added.length > maxShownLines ? ` and ${added.length - maxShownLines} more lines` : "";
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
