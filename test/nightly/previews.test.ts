import assert from "node:assert/strict";
import { unsaidDangers } from "../support/oracle/dangers";
import {
  isOfRelease,
  randomEdits,
  subjects,
  type Edit,
  type Subject,
} from "../support/oracle/edits";
import { differences, notAsBefore, type Moment } from "../support/oracle/judge";
import type { Said } from "../support/oracle/said";
import { failed, OracleStack } from "../support/oracle/stack";
import { trafficDifferences } from "../support/oracle/traffic";
import { succeeded } from "../support/results";
import { seedOf } from "../support/seed";

const seed = seedOf("PREVIEW_SEED");
const rounds = Number(process.env.PREVIEW_ROUNDS ?? 10);

/** Declares the rounds of a stack: edit, preview, update, second preview, undo. */
function describeRounds(name: string, subject: Subject): void {
  let stack: OracleStack;
  let base: Record<string, unknown>;
  before(async () => {
    stack = await OracleStack.start(`previews-${name}`, subject);
    base = stack.config();
  });
  after(() => stack?.stop());

  for (const [index, edits] of randomEdits(subject, rounds, seed).entries()) {
    it(`${index + 1}: ${edits.map(({ title }) => title).join("; ")}`, async () => {
      const config = structuredClone(base);
      for (const { apply } of edits) apply(config);
      if (JSON.stringify(config) === JSON.stringify(base)) return;
      await stack.write(config, "Change the stack");
      const start = await stack.moment();
      const said = await stack.preview();
      const wrong =
        said.hash === undefined
          ? await refused(said, start)
          : [...(await updated(said, said.hash, start)), ...(await undone(said, start, edits))];
      assert.deepEqual(wrong, [], `${wrong.join("\n")}\nThe preview was:\n${said.comment}`);
    });
  }

  /** A preview that gives no plan changes nothing, and says why. */
  async function refused({ code, errors }: Said, start: Moment): Promise<string[]> {
    await stack.write(base, "Undo it");
    const reason = code === 1 && errors.length > 0 ? [] : ["there is no plan, and no reason"];
    return [...reason, ...notAsBefore(start.live, (await stack.moment()).live)];
  }

  /** Applies the plan. @returns what is not as the preview said. */
  async function updated(said: Said, hash: string, start: Moment): Promise<string[]> {
    const up = await stack.project.platform("up", stack.name, "--plan-hash", hash);
    await stack.project.settle();
    const now = await stack.moment();
    const again = await stack.preview();
    return [
      ...failed("the update", up),
      ...differences(said, start, now),
      ...trafficDifferences(said, start.live, now.live),
      ...unsaidDangers(said, start.live, now.live),
      ...(again.code === 0 && again.steps.length + again.byHand.length === 0
        ? []
        : [`a second preview says:\n${again.comment}`]),
    ];
  }

  /** Runs the commands of the comment that undo its change. @returns what is not as before. */
  async function undone({ undo, steps }: Said, start: Moment, edits: Edit[]): Promise<string[]> {
    if (steps.length === 0) {
      await stack.write(base, "Undo it");
      return [];
    }
    const isOnlyReleases = edits.every(isOfRelease) && undo.releases.length > 0;
    const wrong = isOnlyReleases ? await run(undo.releases) : await runAll(undo);
    const isSame = JSON.stringify(stack.config()) === JSON.stringify(base);
    if (!isSame) wrong.push(`after the undo, the file has other values:\n${stack.text()}`);
    await stack.project.settle();
    await stack.write(base, "Restore the file");
    if (wrong.length > 0) {
      // For the next round.
      succeeded(await stack.up());
      await stack.project.settle();
    }
    return [...wrong, ...notAsBefore(start.live, (await stack.moment()).live)];
  }

  async function run(commands: readonly string[]): Promise<string[]> {
    const wrong: string[] = [];
    for (const command of commands) wrong.push(...failed(command, await stack.script([command])));
    return wrong;
  }

  /** Runs the commands up to the preview, and the last one with the hash that it shows. */
  async function runAll({ permits, everything }: Said["undo"]): Promise<string[]> {
    if (permits.length > 0) succeeded(await stack.script(permits));
    const { output } = await stack.script(everything.slice(0, -1));
    const hash = /--plan-hash ([0-9a-f]{64})/.exec(output)?.[1];
    const last = everything.at(-1)?.replace(/<.*>/, hash ?? "") ?? "";
    return hash === undefined ? [`no plan undoes it:\n${output}`] : run([last]);
  }
}

describe(`what previews say about random edits (PREVIEW_SEED=${seed}, PREVIEW_ROUNDS=${rounds})`, () => {
  for (const [name, subject] of Object.entries(subjects)) {
    describe(`of ${name}`, () => describeRounds(name, subject));
  }
});
