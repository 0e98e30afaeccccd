import type { EngineEvent } from "@pulumi/pulumi/automation";
import { changedLeaves, type Leaf } from "./leaves";
import { block, code, cut, firstLines, words } from "./markdown";
import { titleOf, type Step, type StepMetadata } from "./steps";

/** An object that differs from what the last update or refresh recorded of it. */
export interface HandChange {
  urn: string;
  /** `Service commerce-dev/shop-stable`. */
  title: string;
  /** Whether the object is gone. */
  deleted: boolean;
  /** The fields that the program set and that differ: `before` is recorded, `after` is live. */
  leaves: Leaf[];
}

/** Longest text of one field, and of one object. */
const longestLeaf = 600;
const longestBlock = 4000;
/** Fields that are named in a sentence. */
const mostFields = 3;

/**
 * What a refresh at the start of a preview found, by the resources' names. The engine sends an event
 * when it has read a resource: with the new state, none where the object is gone, and with the
 * difference that its plugin sees.
 * @param stepOf reads the step of an event, without secrets.
 */
export function handChangesIn(
  events: readonly EngineEvent[],
  stepOf: (metadata: StepMetadata) => Step | undefined,
): HandChange[] {
  return events
    .flatMap(({ resOutputsEvent }) =>
      resOutputsEvent?.metadata.op === "refresh" ? [resOutputsEvent.metadata] : [],
    )
    .flatMap((metadata) => {
      const step = stepOf(metadata);
      return step === undefined ? [] : changeOf(step);
    })
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

function changeOf(step: Step): HandChange[] {
  const deleted = step.after === undefined;
  const leaves = deleted ? [] : changedLeaves(step);
  if (!deleted && leaves.length === 0) return [];
  return [{ urn: step.urn, title: titleOf(step), deleted, leaves }];
}

/** A danger's sentence. @param steps of the update, which may take the change back. */
export function handSentence(
  { urn, title, deleted, leaves }: HandChange,
  steps: readonly Step[],
): string {
  const op = steps.find((step) => step.urn === urn)?.op;
  const outcome =
    op === undefined
      ? "this update leaves it so"
      : op === "delete"
        ? "this update deletes it"
        : deleted
          ? "this update creates it again"
          : "this update sets its fields again";
  if (deleted) return words`${title} was deleted by hand since the last update; ` + `${outcome}.`;
  const fields = leaves.slice(0, mostFields).map(({ path }) => code(path));
  const more = leaves.length > mostFields ? ` and ${leaves.length - mostFields} more` : "";
  return (
    words`${title} was changed by hand since the last update: ` +
    `${fields.join(", ")}${more}; ${outcome}.`
  );
}

/** Each object with its fields, for the comment. */
export function handItems(changes: readonly HandChange[]): string[] {
  return changes.map(({ title, deleted, leaves }) => {
    if (deleted) return words`${title}: deleted`;
    const lines = leaves.map((leaf) => cut(handText(leaf), longestLeaf));
    return `${code(title)}\n\n${block(firstLines(lines, longestBlock).join("\n"))}`;
  });
}

/** Each object with its fields, for a terminal. */
export function handLines(changes: readonly HandChange[]): string[] {
  return changes.flatMap(({ title, deleted, leaves }) => [
    `  ${title}${deleted ? ": deleted" : ""}`,
    ...leaves.map((leaf) => `    ${cut(handText(leaf), longestLeaf)}`),
  ]);
}

function handText({ path, before, after }: Leaf): string {
  return `${path}: recorded ${valueText(before)}, live ${valueText(after)}`;
}

function valueText(value: unknown): string {
  return value === undefined ? "(none)" : JSON.stringify(value);
}
