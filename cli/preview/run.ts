import { parseStack, ProgramError, type StackConfig } from "../../config";
import { resolveStack } from "../../program/platform-stack";
import { outputsOnce, proofsOf, type ReadOutputs } from "../../program/proofs";
import { liveAppsIn } from "../../program/known";
import { heldText } from "../../engine/held";
import { interruptedText } from "../recover/judge";
import { pulumiPreview } from "../../engine/preview";
import { exportState, readOutputs } from "../../engine/pulumi";
import { presentResources, type State, type StateResource } from "../../engine/state";
import { unfinishedMoves } from "../../program/unfinished-moves";
import { repeatChecks } from "../release/repeat";
import { StackFile } from "../release/stack-file";
import { adviceOn } from "../../engine/advice";
import { readEvents, type Preview, type Violation } from "./events";
import { authorOf } from "../owners/author";
import { comparedCommit, gitIn } from "./commits";
import { policyViolations } from "./policy";
import { policyEdits } from "./policy-edits";
import { addExistingObjects } from "./existing";
import { commitOf, serverVersion, toolsOf, uidOf } from "./provenance";
import { reportOf, type Report } from "./report";
import { withFollowers } from "./steps";
import { transformsOf } from "./transforms";
import { trafficOf, type AppTraffic } from "./traffic";

/** Options of a preview. */
export interface PreviewOptions {
  /** Config file of the stack. Default: `Pulumi.<stack>.yaml`. */
  configFile?: string;
  /**
   * Whether to read every object from the cluster first, to find changes by hand. Default: true. Otherwise, the
   * preview compares with the state of the last update or refresh.
   */
  refresh?: boolean;
  /** Violations that another check found. */
  violations?: readonly Violation[];
}

/** Previews a stack with the program in the current folder, and returns the report. */
export async function previewStack(stack: string, options: PreviewOptions = {}): Promise<Report> {
  const { configFile, refresh = true, violations = [] } = options;
  const now = new Date();
  const file = new StackFile(stack, ".", configFile);
  const { preview: planned, engine, state } = await run(stack, configFile, refresh);
  const values = file.values();
  const preview = await addExistingObjects(stack, planned, state, values.cluster);
  const resources = state === undefined ? [] : presentResources(state);
  const config = await unlessFailed(preview, () => parseStack(stack, values));
  const provenance = {
    stack,
    ...commitOf(process.env),
    cluster: {
      // A failed preview has no plan, and its cluster may not answer.
      uid: preview.finished ? await uidOf(values.cluster) : undefined,
      version: await serverVersion(values.cluster),
    },
    tools: toolsOf(engine),
    at: now.toISOString(),
    files: Object.fromEntries(file.apps().map((app) => [app, file.fileOf(app)])),
    transforms: config && transformsOf(config),
  };
  const read = outputsOnce(readOutputs);
  const traffic =
    config &&
    (await unlessFailed(preview, () =>
      trafficIn(stack, config, { ...preview, resources }, now, read),
    ));
  const relied = (traffic ?? []).flatMap((app) => app.relied ?? []);
  const checks = preview.finished ? await repeatChecks(relied, read) : [];
  // If the change cannot be applied, not every object is known.
  const path = configFile ?? `Pulumi.${stack}.yaml`;
  const author = await authorOf(process.env);
  const broken = config && preview.finished ? policyViolations(config, preview, path, author) : [];
  const git = gitIn(".");
  const edits = policyEdits(git, comparedCommit(process.env, git), {
    file: path,
    present: values.policy,
  });
  const all = [...broken, ...violations];
  return reportOf(stack, preview, traffic ?? [], all, provenance, edits, checks);
}

async function run(
  stack: string,
  configFile: string | undefined,
  refresh: boolean,
): Promise<{ preview: Preview; engine: string; state: State | undefined }> {
  const { events, failure, version } = await pulumiPreview({ stack, configFile }, refresh);
  const preview = withFailure(readEvents(events), failure);
  // If the preview failed before anything was recorded, the state contains nothing relevant.
  const isRecorded = preview.finished || Object.keys(preview.last).length > 0;
  const state = isRecorded ? exportState({ stack }) : undefined;
  const reliable =
    preview.finished && state !== undefined
      ? withState(stack, preview, state)
      : withAdvice(stack, preview, failure);
  return { preview: reliable, engine: version, state };
}

/**
 * Returns what failed, and what to do about it.
 * @param failure output of the engine.
 */
function withAdvice(stack: string, preview: Preview, failure: string | undefined): Preview {
  const advice = adviceOn(stack, [...preview.errors, failure].join("\n")) ?? [];
  return { ...preview, errors: [preview.errors, advice].flat() };
}

/**
 * Adds information from the state: which replacements follow from others, and whether an update is in progress or was
 * interrupted. In that case, the engine compares with its last known state without saying so.
 */
function withState(stack: string, preview: Preview, state: State): Preview {
  const steps = withFollowers(preview.steps, state);
  const held = heldText(stack);
  const reason =
    held === undefined ? interruptedText(stack, state) : `Stack "${stack}" is ${held}.`;
  if (reason === undefined) return { ...preview, steps };
  return { ...preview, steps, finished: false, errors: [...preview.errors, reason] };
}

/** Adds the reason if the engine failed before its first event: then only its output contains it. */
export function withFailure(preview: Preview, failure: string | undefined): Preview {
  if (failure === undefined && preview.finished) return preview;
  if (preview.errors.length > 0) return { ...preview, finished: false };
  const lines = (failure ?? "").split("\n").filter((line) => line.startsWith("error: "));
  const text =
    [...new Set(lines)].join("\n") || (failure ?? "the engine did not finish the preview");
  return { ...preview, finished: false, errors: [preview.redact(text)] };
}

/**
 * Reads what determines the apps' traffic in addition to the config. The platform stack's output is read once.
 */
export async function trafficIn(
  stack: string,
  config: StackConfig,
  preview: Pick<Preview, "finished" | "last" | "records" | "apps"> & {
    resources: StateResource[];
  },
  now: Date,
  read: ReadOutputs,
  liveIn: typeof liveAppsIn = liveAppsIn,
): Promise<AppTraffic[]> {
  const whole = await resolveStack(config, read);
  // After a failure, the cluster may not answer.
  const { last, records, apps, resources } = preview;
  const live = preview.finished ? await liveIn(whole, records, resources) : {};
  const proofs = await proofsOf(whole, records, read);
  const unfinished = unfinishedMoves(whole, last, records, resources);
  return trafficOf(stack, whole, records, now, live, proofs, apps, unfinished);
}

/** Returns a result, or undefined if the preview has already failed: then its errors say everything. */
async function unlessFailed<Result>(
  preview: Preview,
  decide: () => Result | Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await decide();
  } catch (error) {
    if (error instanceof ProgramError && preview.errors.length > 0) return undefined;
    throw error;
  }
}
