import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { setPath } from "../../../../program/transforms/set-field";
import { record } from "../../../../render/record";

const props = () => ({
  metadata: { labels: { own: "a" } },
  spec: {
    replicas: 1,
    env: [] as object[],
    containers: [
      { name: "a", args: ["x", "y"], resources: { limits: { cpu: "1" } } },
      { name: "b", volumeMounts: [{ name: "v" }, { name: "v", subPath: "s" }] },
    ],
  },
});

type Spec = ReturnType<typeof props>["spec"];
const spec = (path: string, value: unknown): Spec =>
  setPath(props(), `spec.${path}`, value)["spec"] as Spec;
const failing = (path: string, value: unknown = 1) => {
  try {
    setPath(props(), path, value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** Returns a value after all of its outputs are known. */
async function known(value: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    (pulumi.output(value) as pulumi.Output<unknown>).apply(resolve);
  });
}

describe("a field of an object", () => {
  it("is set, added and removed without a change of the given object", () => {
    const given = props();
    const changed = setPath(given, "spec.containers[a].resources.limits.cpu", "2");
    assert.deepEqual(given, props());
    const expected = props();
    expected.spec.containers[0]!.resources = { limits: { cpu: "2" } };
    assert.deepEqual(changed, expected);
    assert.deepEqual(spec("minReadySeconds", 5), { ...props().spec, minReadySeconds: 5 });
    assert.deepEqual(Object.keys(spec("replicas", null)), ["env", "containers"]);
  });

  it("is an item of a list by its name, or by its index if there are no names", () => {
    assert.deepEqual(spec("containers[a].args[1]", "z").containers[0]!.args, ["x", "z"]);
    assert.deepEqual(spec("containers[a].args[2]", "z").containers[0]!.args, ["x", "y", "z"]);
    assert.deepEqual(spec("containers[a]", null).containers, [props().spec.containers[1]]);
    assert.deepEqual(spec("containers[c]", { image: "i" }).containers[2], {
      name: "c",
      image: "i",
    });
    assert.deepEqual(spec("containers[b]", { image: "i" }).containers[1], {
      name: "b",
      image: "i",
    });
    assert.deepEqual(spec("env[A]", { value: "1" }).env, [{ name: "A", value: "1" }]);
    const mounts = spec("containers[b].volumeMounts[1].subPath", "t").containers[1]!.volumeMounts;
    assert.deepEqual(mounts, [{ name: "v" }, { name: "v", subPath: "t" }]);
  });

  it("can be the first annotation or label, but no label that has a value", () => {
    const { metadata } = setPath(props(), "metadata.annotations[a.b/c]", "d");
    assert.deepEqual(metadata, { labels: { own: "a" }, annotations: { "a.b/c": "d" } });
    assert.equal(
      failing("metadata.labels.own"),
      "expected a label that the program does not set, got own",
    );
    assert.equal(failing("metadata[labels][own]", null), failing("metadata.labels.own"));
    assert.equal(failing("metadata.labels.other"), undefined);
  });

  it("has a parent", () => {
    const cases: Record<string, string> = {
      "spec.container.image":
        "expected a field of spec (containers, env, replicas), got container; set spec.container as a whole to add it",
      "spec.containers[c].image":
        "expected an item of spec.containers by its name ([a], [b]), got [c]",
      "spec.containers[0].image":
        "expected an item of spec.containers by its name ([a], [b]), got [0]",
      "spec.containers.a": "expected an item of spec.containers by its name ([a], [b]), got a",
      "spec.containers[a].args[3]":
        "expected an item of spec.containers[a].args by its index, from [0] to [1], got [3]",
      "spec.containers[a].args[x]":
        "expected an item of spec.containers[a].args by its index, from [0] to [1], got [x]",
      "spec.replicas.more": "expected a mapping or a list at spec.replicas, got a number",
      "toString.x":
        "expected a field of the object (metadata, spec), got toString; set toString as a whole to add it",
    };
    for (const [path, message] of Object.entries(cases)) assert.equal(failing(path), message);
    assert.equal(
      failing("spec.paused", null),
      "expected a field to remove, got none at spec.paused",
    );
    assert.equal(failing("spec.containers[c]", null), failing("spec.containers[c].image"));
    assert.equal(
      failing("spec.containers[a]", "x"),
      'expected a mapping as the value of a, got "x"',
    );
    assert.equal(
      failing("spec.containers[a]", { name: "b" }),
      'expected the name a of the item, or none, got "b"',
    );
    assert.equal(failing("spec..a"), 'expected a path of fields, got "spec..a"');
  });

  it("can be inside of a value that is known later, and stays secret there", async () => {
    await record(
      async () => {
        const { containers } = props().spec;
        for (const later of [
          pulumi.output({ containers }),
          { containers: pulumi.output(containers) },
          { containers: Promise.resolve(containers) },
          { containers: containers.map((it) => pulumi.output(it)) },
          { containers: containers.map((it) => ({ ...it, name: pulumi.output(it.name) })) },
        ]) {
          const changed = setPath({ spec: later }, "spec.containers[a].args[0]", "z");
          const found = (await known(changed)) as { spec: Spec };
          assert.deepEqual(found.spec.containers[0]?.args, ["z", "y"]);
        }
        const secret = setPath({ spec: pulumi.secret({ a: 1 }) }, "spec.b", 2)["spec"];
        assert.ok(await pulumi.isSecret(secret as pulumi.Output<unknown>));
        return {};
      },
      "test",
      {},
    );
  });
});
