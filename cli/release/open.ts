import { differencesOf, readLive, podTexts, liveCapacity } from "./live";
import { configOf, planOf, recordedIn, addPlatform, addProofs, type Context } from "./context";
import { StackFile } from "./stack-file";
import { trafficTable } from "./table";
import { outputsOnce } from "../../program/proofs";
import { exportState, readOutputs } from "../../engine/pulumi";
import { outputsIn, presentResources, type State } from "../../engine/state";

/** The stack that a command works on. */
export interface Where {
  stack: string;
  configFile?: string;
}

/** Options of the release commands for one app. Each command has some of them. */
export interface Options extends Where {
  dryRun?: boolean;
  update?: boolean;
  json?: boolean;
}

/** Opens apps of one stack. Its file and its state, which contains the records of all apps, are read once. */
export class OpenStack {
  readonly file: StackFile;
  /** Reads other stacks' outputs, each once for all apps. */
  private readonly read = outputsOnce(readOutputs);

  /**
   * @param state the stack's state, if it was already read. Default: it is read for the first app.
   */
  constructor(
    private readonly where: Where,
    private state?: State,
  ) {
    this.file = new StackFile(where.stack, ".", where.configFile);
  }

  /** Returns the context of an app, with what the cluster runs of it. */
  async context(app: string): Promise<Context> {
    const { file, where } = this;
    this.state ??= exportState(where);
    const recorded = recordedIn(outputsIn(this.state), app);
    const resources = presentResources(this.state);
    const context = { ...where, app, file, ...recorded, resources, now: new Date() };
    return addProofs(await readLive(await addPlatform(context, this.read)), this.read);
  }
}

/** Opens one app. */
export function openApp(app: string, { stack, configFile }: Where): Promise<Context> {
  return new OpenStack({ stack, configFile }).context(app);
}

/** Prints where the cluster differs from the record. */
export function printDifferences(context: Context): void {
  for (const text of differencesOf(context)) console.error(`  WARNING: ${text}`);
}

/**
 * Prints what an update with the edited file would do.
 * @throws RefusedReleases if the rules do not allow it.
 */
export function show(context: Context): void {
  // Printed first, because the differences may be the reason for a refusal.
  printDifferences(context);
  const plan = planOf(context);
  const { app } = configOf(context);
  console.log(trafficTable(context.app, context.record, plan, app, liveCapacity(context, plan)));
  for (const { text } of [...plan.steps, ...plan.notices]) console.log(`  ${text}`);
  for (const text of podTexts(context, plan)) console.log(`  ${text}`);
}

/** Returns the stack's config with the apps of its edited files. */
export function valuesOf({ file }: Pick<Context, "file">): Record<string, unknown> {
  const values = file.values();
  return {
    ...values,
    apps: { ...(values["apps"] as object | undefined), ...file.appFiles().apps },
  };
}
