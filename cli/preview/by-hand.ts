import type { EngineEvent } from "@pulumi/pulumi/automation";
import { byUrn } from "./by-urn";
import { changedLeaves, type Leaf } from "./leaves";
import { block, code, shorten, firstLines, words } from "./markdown";
import { titleOf, type Step, type StepMetadata } from "./steps";

/** An object that differs from the state of the last update or refresh. */
export interface HandChange {
  urn: string;
  /** `Service commerce-dev/shop-stable`. */
  title: string;
  /** Whether the object is gone. */
  deleted: boolean;
  /** Fields that the program set and that differ: `before` is the recorded value, `after` the live one. */
  leaves: Leaf[];
}

/** Maximum length of one field, and of one object. */
const longestLeaf = 600;
const longestBlock = 4000;
/** Maximum number of fields in a sentence. */
const maxFields = 3;

/**
 * Returns what a refresh at the start of a preview found, by resource. After reading a resource, the engine
 * sends an event: with the new state, without a state if the object is gone, and with the difference according
 * to the plugin.
 * @param stepOf returns the step of an event, without secrets.
 */
export function handChangesIn(
  events: readonly EngineEvent[],
  stepOf: (metadata: StepMetadata) => Step | undefined,
): HandChange[] {
  const refreshed = events.flatMap(({ resOutputsEvent }) =>
    resOutputsEvent?.metadata.op === "refresh" ? [resOutputsEvent.metadata] : [],
  );
  return byUrn(refreshed).flatMap((metadata) => {
    const step = stepOf(metadata);
    return step === undefined ? [] : changeOf(step);
  });
}

function changeOf(step: Step): HandChange[] {
  const deleted = step.after === undefined;
  const leaves = deleted ? [] : changedLeaves(step);
  if (!deleted && leaves.length === 0) return [];
  return [{ urn: step.urn, title: titleOf(step), deleted, leaves }];
}

/**
 * Returns the sentence of a danger.
 * @param steps steps of the update, which may revert the change.
 */
export function handSentence(
  { urn, title, deleted, leaves }: HandChange,
  steps: readonly Step[],
): string {
  const op = steps.find((step) => step.urn === urn)?.op;
  const outcome =
    op === undefined
      ? "this update does not revert it"
      : op === "delete"
        ? "this update deletes it"
        : deleted
          ? "this update creates it again"
          : "this update reverts it";
  if (deleted) return words`${title} was deleted by hand since the last update; ` + `${outcome}.`;
  const fields = leaves.slice(0, maxFields).map(({ path }) => code(path));
  const more = leaves.length > maxFields ? ` and ${leaves.length - maxFields} more` : "";
  return (
    words`${title} was changed by hand since the last update: ` +
    `${fields.join(", ")}${more}; ${outcome}.`
  );
}

/** Returns each object with its fields, for the comment. */
export function handItems(changes: readonly HandChange[]): string[] {
  return changes.map(({ title, deleted, leaves }) => {
    if (deleted) return words`${title}: deleted`;
    const lines = leaves.map((leaf) => shorten(handText(leaf), longestLeaf));
    return `${code(title)}\n\n${block(firstLines(lines, longestBlock).join("\n"))}`;
  });
}

/** Returns each object with its fields, for a terminal. */
export function handLines(changes: readonly HandChange[]): string[] {
  return changes.flatMap(({ title, deleted, leaves }) => [
    `  ${title}${deleted ? ": deleted" : ""}`,
    ...leaves.map((leaf) => `    ${shorten(handText(leaf), longestLeaf)}`),
  ]);
}

function handText({ path, before, after }: Leaf): string {
  return `${path}: recorded ${valueText(before)}, live ${valueText(after)}`;
}

function valueText(value: unknown): string {
  return value === undefined ? "(none)" : JSON.stringify(value);
}
