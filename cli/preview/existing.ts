import { ClusterReader, NoAnswer } from "../../cluster/reader";
import { ProgramError } from "../../config";
import type { State, StateResource } from "../../engine/state";
import { find, type Found } from "../recover/cluster";
import type { Preview } from "./events";
import { importFileOf } from "./import-file";
import { readerArgs } from "./provenance";
import { keepImportFile } from "./store";
import { titleOf, type Fields, type Step } from "./steps";

/** The steps of a preview that create an object that already exists and is not in the state. */
export interface Existing {
  /** Steps whose object was created by Pulumi. */
  own: Step[];
  /** Steps whose object was created by something else. */
  foreign: Step[];
  /** Says which objects could not be looked up; undefined if all could. */
  warning: string | undefined;
}

/** Number of objects that are named. */
const maxNamed = 5;

/** A patch requires an existing object. */
const patch = /Patch$/;

/**
 * Adds an error to a preview whose update would create objects that exist, and stores an import file for them. Nothing
 * is looked up if the update creates nothing.
 * @param cluster how to reach the cluster, from a config that may be invalid.
 */
export async function addExistingObjects(
  stack: string,
  preview: Preview,
  state: State | undefined,
  cluster: unknown,
): Promise<Preview> {
  const args = readerArgs(cluster);
  const { steps, finished } = preview;
  if (!finished || args === undefined || !steps.some(makes)) return preview;
  const reader = new ClusterReader(args);
  try {
    const known = state?.deployment.resources ?? [];
    const existing = await existingObjects(steps, known, reader);
    const { own, warning = [] } = existing;
    const file = own.length === 0 ? "" : keepImportFile(stack, importFileOf(own, steps, known));
    return {
      ...preview,
      errors: [...preview.errors, ...existingText(stack, existing, file)],
      warnings: [preview.warnings, warning].flat(),
    };
  } finally {
    reader.close();
  }
}

/**
 * Looks up the objects that an update creates. The engine does not, because it assumes that the state is complete. If
 * the state is older than the cluster, such an update stops at the first object that exists.
 * @param known all resources in the state, also those that the next update deletes. Their objects may exist.
 * @throws NoAnswer if the API server is not available.
 */
export async function existingObjects(
  steps: readonly Step[],
  known: readonly StateResource[],
  reader: Pick<ClusterReader, "get">,
): Promise<Existing> {
  const recorded = new Set(known.map(({ inputs }) => keyOf(inputs)));
  const made = steps.filter(
    (step) => makes(step) && isNamed(step.after) && !recorded.has(keyOf(step.after)),
  );
  const cluster = onceEach(reader);
  const refusals: string[] = [];
  const found = await Promise.all(
    made.map(async (step) => {
      try {
        return { step, kind: await kindOf(step, cluster) };
      } catch (error) {
        if (!(error instanceof ProgramError) || error instanceof NoAnswer) throw error;
        refusals.push(error.message);
        return { step, kind: "absent" };
      }
    }),
  );
  const [refusal] = refusals;
  const those = (sought: Found["kind"]) =>
    found.flatMap(({ step, kind }) => (kind === sought ? [step] : []));
  return {
    own: those("made"),
    foreign: those("foreign"),
    warning:
      refusal &&
      `${refusals.length} object(s) that the update creates could not be looked up, and may exist already: ${refusal}`,
  };
}

/** Returns whether the object exists and who created it. A namespace that does not exist contains no object. */
async function kindOf(
  { urn, type, namespace, after }: Step,
  cluster: Pick<ClusterReader, "get">,
): Promise<Found["kind"]> {
  if (namespace !== undefined) {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
    if ((await cluster.get(path)) === undefined) return "absent";
  }
  return (await find({ urn, type, custom: true, inputs: after }, cluster)).kind;
}

/** Returns a reader that requests each path once: the kinds of a group, and the namespaces, are needed many times. */
function onceEach(reader: Pick<ClusterReader, "get">): Pick<ClusterReader, "get"> {
  const answers = new Map<string, Promise<unknown>>();
  return {
    get: <T>(path: string) => {
      const answer = answers.get(path) ?? reader.get(path);
      answers.set(path, answer);
      return answer as Promise<T | undefined>;
    },
  };
}

/**
 * Returns why the update cannot succeed, and what to do.
 * @param file file with which `pulumi import` adds the objects that Pulumi created to the state.
 */
export function existingText(stack: string, { own, foreign }: Existing, file: string): string[] {
  const unknown = `exist in the cluster, and the state of stack "${stack}" does not know them`;
  const stop = "The update would stop at the first one";
  return [
    ...(own.length === 0
      ? []
      : [
          `${objects(own)} that the update would create ${unknown}: the state is older than the cluster. ${stop}. If there is a newer version of the state, restore it. Otherwise add them to it with: ` +
            `pulumi import --file ${file} --stack ${stack} --yes --skip-preview --protect=false --generate-code=false (docs/interrupted-updates.md)`,
        ]),
    ...(foreign.length === 0
      ? []
      : [
          `${objects(foreign)} that the update would create ${unknown}: something else created them. ${stop}. Delete them, or give the new ones other names.`,
        ]),
  ];
}

/** Returns the number of objects, with the names of the first ones. */
function objects(steps: readonly Step[]): string {
  const more = steps.length - maxNamed;
  const names = steps.slice(0, maxNamed).map(titleOf).join(", ");
  return `${steps.length} object(s) (${names}${more > 0 ? ` and ${more} more` : ""})`;
}

function makes({ op, real, type }: Step): boolean {
  const isMade = op === "create" || op === "replace";
  return isMade && real && type.startsWith("kubernetes:") && !patch.test(type);
}

function isNamed(inputs: Fields | undefined): boolean {
  const { apiVersion, kind, metadata } = inputs ?? {};
  const { name } = (metadata ?? {}) as { name?: unknown };
  return [apiVersion, kind, name].every((each) => typeof each === "string");
}

/** Identifies an object in the cluster, in whichever version of its API it is written. */
function keyOf({ apiVersion, kind, metadata }: Fields = {}): string {
  const { name, namespace } = (metadata ?? {}) as Fields;
  // The core group has no name.
  const group = String(apiVersion).split("/").slice(0, -1);
  return JSON.stringify([group, kind, namespace, name]);
}
