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

describe("the lint rule for parts of the platform", () => {
  const eslint = new ESLint({ cwd: checkout });
  const messages = async (filePath: string, kind: string) => {
    const text = `import * as k8s from "@pulumi/kubernetes";
export const made = new k8s.${kind}("made", {});
`;
    const [found] = await eslint.lintText(text, { filePath });
    return found?.messages.map(({ message }) => message) ?? [];
  };
  const workloads = ["apps.v1.Deployment", "apps.v1.StatefulSet", "apps.v1.DaemonSet"];

  for (const kind of [...workloads, "batch.v1.Job", "batch.v1.CronJob"]) {
    it(`refuses a ${kind} without the shared builder`, async () => {
      assert.deepEqual(await messages("components/storage/sample.ts", kind), [
        "Use deployment, statefulSet, daemonSet, cronJob or configureJob of components/shared/.",
      ]);
      for (const allowed of ["components/shared/sample.ts", "components/app/sample.ts"]) {
        assert.deepEqual(await messages(allowed, kind), []);
      }
    });
  }

  it("accepts other objects", async () => {
    assert.deepEqual(await messages("components/storage/sample.ts", "storage.v1.CSIDriver"), []);
  });
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
