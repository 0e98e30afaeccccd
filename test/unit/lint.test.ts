import assert from "node:assert/strict";
import { ESLint } from "eslint";
import { checkout } from "../../local/toolchain/paths";

describe("the lint rules for tests", () => {
  const eslint = new ESLint({ cwd: checkout });
  const messages = async (statement: string) => {
    const text = `import assert from "node:assert/strict";
export async function check(result: { code: number }, start: () => Promise<void>) {
  const { code } = result;
  await start();
  assert.ok(code >= 0);
  ${statement}
}
`;
    const [found] = await eslint.lintText(text, { filePath: "test/unit/sample.test.ts" });
    return found?.messages.map(({ message }) => message) ?? [];
  };

  for (const statement of [
    "assert.notEqual(code, 0);",
    "assert.notEqual(result.code, 0, String(result));",
    "assert.notStrictEqual(code, 0);",
    "await assert.rejects(start());",
    "assert.throws(() => start());",
  ]) {
    it(`refuse a check that accepts any failure as the expected one: ${statement}`, async () => {
      const [message = "", ...others] = await messages(statement);
      assert.match(message, /^Expect the (failure|error)'s message: /);
      assert.deepEqual(others, []);
    });
  }

  for (const statement of [
    "assert.notEqual(code, 1);",
    "await assert.rejects(start(), /not there/);",
    "assert.throws(() => start(), { message: 'not there' });",
  ]) {
    it(`accept ${statement}`, async () => assert.deepEqual(await messages(statement), []));
  }
});

describe("the lint rule for the program", () => {
  it("refuses the SDK's hasEngine, which is wrong in a process of several stacks", async () => {
    const eslint = new ESLint({ cwd: checkout });
    const text = `import * as pulumi from "@pulumi/pulumi";
export const isRun = () => pulumi.runtime.hasEngine();
`;
    const [found] = await eslint.lintText(text, { filePath: "program/sample.ts" });
    assert.deepEqual(
      found?.messages.map(({ message }) => message),
      ["Use hasEngine of cluster/engine.ts."],
    );
  });
});
