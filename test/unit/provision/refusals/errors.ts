import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { InvalidCluster, parseCluster } from "../../../../provision";

export type Given = Record<string, unknown>;

/** The example's content, with stacks only where a test is about them. */
export function example(): Given & { [key: string]: Given } {
  return { ...(parse(readFileSync("clusters/prod.yaml", "utf8")) as Given), stacks: [] } as never;
}

/** Returns the errors after a change of the example, `key: message` each. */
export function errorsAfter(
  change: (given: ReturnType<typeof example>) => void,
  folder = ".",
): string[] {
  const given = example();
  change(given);
  return errorsOf(() => parseCluster("prod", given, folder));
}

export function errorsOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidCluster, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

export function machines(given: Given): Record<string, Given> {
  return given["machines"] as Record<string, Given>;
}
