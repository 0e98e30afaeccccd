import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { RegistrationGate } from "../../../cluster/registration-gate";
import { stackFileConfig } from "../../../config/stack-file";
import wholeProgram from "../../../index";
import { declareWhole } from "../../../program/declare-whole";
import { record, type Program } from "../../../render/record";
import { stackNames } from "../../support/stacks";

const provider = "pulumi:providers:kubernetes cluster";
const fail = (): string => {
  throw new Error("no address");
};

/** Runs a program, and returns what reached the engine, and the message of its error. */
async function outcomeOf(
  program: Program,
  config: Record<string, unknown> = {},
): Promise<{ registered: string[]; failure: string | undefined }> {
  const registered: string[] = [];
  const { registerResource } = MockMonitor.prototype;
  MockMonitor.prototype.registerResource = function (request: RegisterResourceRequest, callback) {
    registered.push(`${request.getType()} ${request.getName()}`);
    return registerResource.call(this, request, callback);
  };
  try {
    await record(program, "test", config);
    return { registered, failure: undefined };
  } catch (error) {
    // The SDK puts the name of the input before it.
    const failure = (error as Error).message.replace(/^error serializing property "\w+": /, "");
    return { registered, failure };
  } finally {
    MockMonitor.prototype.registerResource = registerResource;
  }
}

/** Declares a part with a ConfigMap, whose data is that of `value`. */
function declarePart(gate: RegistrationGate, value: (namespace: k8s.core.v1.Namespace) => unknown) {
  const cluster = new k8s.Provider("cluster", { kubeconfig: "none", context: "none" });
  const opts = { provider: cluster, dependsOn: gate.opened };
  const parent = new pulumi.ComponentResource("platform:test:Part", "part", {}, opts);
  const namespace = new k8s.core.v1.Namespace("a", { metadata: { name: "a" } }, { parent });
  const data = value(namespace) as pulumi.Input<Record<string, string>>;
  new k8s.core.v1.ConfigMap("b", { metadata: { name: "b" }, data }, { parent });
}

describe("a program that is declared as a whole", () => {
  it("registers nothing if it fails after it has declared objects", async () => {
    const outcome = await outcomeOf(
      declareWhole(async (gate) => {
        declarePart(gate, () => ({}));
        await Promise.resolve();
        return { address: fail() };
      }),
    );
    assert.deepEqual(outcome, { registered: [provider], failure: "no address" });
  });

  it("registers nothing if a value fails that depends on no resource", async () => {
    for (const value of [pulumi.output(1).apply(fail), pulumi.secret("a").apply(fail)]) {
      const outcome = await outcomeOf(
        declareWhole((gate) => {
          declarePart(gate, () => ({ value }));
          return Promise.resolve({});
        }),
      );
      assert.deepEqual(outcome, { registered: [provider], failure: "no address" });
    }
  });

  it("registers everything else if a value fails that depends on a resource, and does not deny it", async () => {
    let unchanged = "";
    const outcome = await outcomeOf(
      declareWhole((gate) => {
        assert.equal(gate.unchanged, "Nothing was changed.");
        declarePart(gate, ({ id }) => ({
          value: id.apply(() => {
            unchanged = gate.unchanged;
            return fail();
          }),
        }));
        return Promise.resolve({});
      }),
    );
    assert.deepEqual(outcome, {
      registered: [provider, "platform:test:Part part", "kubernetes:core/v1:Namespace a"],
      failure: "no address",
    });
    assert.equal(unchanged, "This object was not changed.");
  });

  it("listens to no errors after its end", async () => {
    const listeners = () => [
      ...process.listeners("unhandledRejection"),
      ...process.listeners("uncaughtException"),
    ];
    const before = listeners();
    await outcomeOf(declareWhole(() => Promise.resolve({})));
    await outcomeOf(declareWhole(() => Promise.reject(new Error("no"))));
    assert.deepEqual(listeners(), before);
  });
});

describe("the whole program", () => {
  const teams = {
    "platform:environment": "dev",
    "platform:domain": "platform.test",
    "platform:cluster": { kubeconfig: "none", context: "none" },
    "platform:components": { tenancy: { teams: { commerce: {} } } },
  };

  for (const stack of stackNames) {
    it(`registers nothing of stack ${stack} if it fails at the end`, async () => {
      const outcome = await outcomeOf(() => {
        // Nobody handles it, like an error of a value that is known at once.
        void Promise.reject(new Error("no address"));
        return wholeProgram();
      }, stackFileConfig(stack));
      assert.deepEqual(outcome, { registered: [provider], failure: "no address" });
    });
  }

  it("refuses transforms before anything is registered", async () => {
    const { registered, failure } = await outcomeOf(wholeProgram, {
      ...teams,
      "platform:transforms": {
        "Deployment dashboard/headlamp": { reason: "a test", set: { "spec.replicas": 2 } },
      },
    });
    assert.match(failure ?? "", /nothing was changed\.\n {2}platform:transforms\[/);
    assert.deepEqual(registered, [provider]);
  });

  it("refuses an object in a namespace of its own that two packages declare, before anything is registered", async () => {
    const limits = { folder: "examples/manifests/limits", team: "commerce" };
    const { registered, failure } = await outcomeOf(wholeProgram, {
      ...teams,
      "platform:components": {
        ...teams["platform:components"],
        manifests: { first: limits, second: limits },
      },
    });
    assert.match(
      failure ?? "",
      /LimitRange commerce-dev\/containers: expected one resource that declares it, got two: "first\/containers" and "second\/containers"\. Nothing was changed\./,
    );
    assert.deepEqual(registered, [provider]);
  });
});
