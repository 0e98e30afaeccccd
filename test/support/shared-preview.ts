import assert from "node:assert/strict";
import type { WarmPrograms } from "../../cli/stacks/warm/programs";
import type { TestStack } from "./project";
import { succeeded, type Printed } from "./results";

/** Number of resources by what a preview does with them. */
export type Counts = Partial<Record<"create" | "update" | "delete" | "same", number>>;

interface Preview extends Record<string, unknown> {
  steps?: { urn: string; op: string }[];
  diagnostics?: { message: string }[];
}

/** Fields that differ between two previews of the same: the time, and the code that runs the program. */
const incidental = ["duration", "sourcePosition", "stackTrace"];

/** Warning of the engine about the stand-in for the official language host. */
const standIn = /^warning: using pulumi-language-nodejs from \$PATH/;

const args = ["preview", "--json", "--show-secrets"] as const;

/** Compares previews of stacks with `pulumi` and in a shared process. */
export class SharedPreviews {
  /** Results of previews with `pulumi`, by stack. */
  private readonly plain = new Map<string, Record<string, unknown>>();

  constructor(private readonly programs: WarmPrograms) {}

  /**
   * Previews a stack that has not changed since it was previewed before.
   * @returns what a preview counts.
   * @throws AssertionError if the two previews differ.
   */
  async same(stack: TestStack): Promise<Counts> {
    const plain = this.plain.get(stack.name) ?? resultOf(await stack.pulumi(...args));
    this.plain.set(stack.name, plain);
    const { ended, programFailed } = await this.programs.use((flags) =>
      stack.pulumi(...args, ...flags),
    );
    assert.equal(programFailed, false, ended.output);
    assert.deepEqual(resultOf(ended), plain);
    return plain["changeSummary"] as Counts;
  }
}

/** Returns the result of `pulumi preview --json` without what is incidental. */
function resultOf(ended: Printed): Record<string, unknown> {
  succeeded(ended);
  const text = ended.stdout.slice(ended.stdout.indexOf("{"));
  const preview = JSON.parse(text, (key, value: unknown) =>
    incidental.includes(key) ? undefined : ordered(value),
  ) as Preview;
  const { steps = [], diagnostics = [] } = preview;
  return {
    ...preview,
    // Resources that do not depend on each other are registered in any order.
    steps: steps.sort((a, b) => (`${a.urn} ${a.op}` < `${b.urn} ${b.op}` ? -1 : 1)),
    diagnostics: diagnostics
      .filter(({ message }) => !standIn.test(message))
      .sort((a, b) => (a.message < b.message ? -1 : 1)),
  };
}

/** Sorts lists of URNs: dependencies have the order in which their promises ended. */
function ordered(value: unknown): unknown {
  const areUrns = Array.isArray(value) && value.every((it) => String(it).startsWith("urn:"));
  return areUrns ? [...(value as string[])].sort() : value;
}
