import assert from "node:assert/strict";
import { loadCommand } from "../../../support/commands";

const program = loadCommand("release");

/** Returns the exit code of a command line that is parsed in this process. */
async function exitCodeOf(...args: string[]): Promise<unknown> {
  const { exit } = process;
  const commands = program.commands.filter((each) => each.name().startsWith("check"));
  for (const each of commands) each.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  process.exit = (code) => {
    throw new Exit(code);
  };
  try {
    await program.parseAsync(args, { from: "user" });
    return undefined;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    throw error;
  } finally {
    process.exit = exit;
  }
}

class Exit extends Error {
  constructor(readonly code: unknown) {
    super();
  }
}

describe("npx platform release check and checks", () => {
  for (const [args, code] of [
    ["check shop --stack prod --quick", 3],
    ["check shop", 3],
    ["check --stack prod", 3],
    ["check shop 1.5.0 more --stack prod", 3],
    ["check shop --stack", 3],
    ["check --help", 0],
    ["checks --stack prod --quick", 3],
    ["checks", 3],
    ["checks shop --stack prod", 3],
    ["checks --help", 0],
  ] as const) {
    it(`ends with ${code} for ${args}, because ${code === 0 ? "it is no mistake" : "1 is a failed check"}`, async () => {
      assert.equal(await exitCodeOf(...args.split(" ")), code);
    });
  }
});
