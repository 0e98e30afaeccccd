import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Package } from "../../../components/charts";
import { distinctObjects } from "../../../program/distinct";
import { record } from "../../../render/record";

const fail = () => {
  throw new Error("no address");
};

/** Declares one object twice, in a namespace that is known only later, and another one after it. */
function twice(): void {
  const limits = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "limits", namespace: "commerce-dev" },
  };
  const pod = { ...limits, kind: "Pod" };
  const args = { context: { environment: "dev" }, namespace: pulumi.output("commerce-dev") };
  const opts = distinctObjects({}, [{}]);
  new Package("one", { ...args, objects: [limits, pod] }, opts);
  new Package("other", { ...args, objects: [limits] }, opts);
}

const run = (body: () => Record<string, unknown> | void) =>
  record(() => Promise.resolve(body() ?? {}), "test", {});

describe("a recording", () => {
  it("fails if a registration does", async () => {
    await assert.rejects(
      run(twice),
      /ConfigMap commerce-dev\/limits: expected one resource that declares it, got two: "one\/limits" and "other\/limits"/,
    );
  });

  it("fails if an output of the stack does, or one that nothing waits for", async () => {
    await assert.rejects(
      run(() => ({ address: pulumi.output(1).apply(fail) })),
      /^Error: no address$/,
    );
    await assert.rejects(
      run(() => void pulumi.output(1).apply(fail)),
      /^Error: no address$/,
    );
  });

  it("fails once, if what depends on a failed registration never ends", async () => {
    await assert.rejects(
      run(() => {
        const name = pulumi.output(1).apply<string>(fail);
        const one = new k8s.core.v1.ConfigMap("one", { metadata: { name } });
        const two = new k8s.core.v1.ConfigMap("two", { metadata: { name: one.metadata.name } });
        return { id: two.id };
      }),
      /no address/,
    );
  });

  it("fails with the error of the program itself", async () => {
    await assert.rejects(run(fail), /^Error: no address$/);
  });

  it("leaves nothing to the next one, nor to others that listen to rejections", async () => {
    const listeners = process.listeners("unhandledRejection");
    await assert.rejects(run(twice), /got two/);
    assert.deepEqual(process.listeners("unhandledRejection"), listeners);
    const { registrations, outputs } = await run(() => {
      const { id } = new k8s.core.v1.ConfigMap("one", { metadata: { name: "one" } });
      return { id };
    });
    assert.deepEqual(
      registrations.map(({ name }) => name),
      ["one"],
    );
    assert.deepEqual(outputs, { id: "one" });
    assert.deepEqual(process.listeners("unhandledRejection"), listeners);
  });
});
