import assert from "node:assert/strict";
import type { Environment } from "../../../config";
import { stepRules } from "../../../policy/rules";
import { readSteps, type Step } from "../../../policy/steps";

interface Given {
  /** Other fields of the state. */
  state?: object;
  annotations?: Record<string, string>;
  /** Annotations that exist only in the cluster. */
  found?: Record<string, string>;
  /** Name in the program. */
  id?: string;
}

const types: Record<string, string> = {
  Deployment: "kubernetes:apps/v1:Deployment",
  Service: "kubernetes:core/v1:Service",
  HTTPRoute: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
  ConfigMap: "kubernetes:core/v1:ConfigMap",
  Namespace: "kubernetes:core/v1:Namespace",
  PersistentVolumeClaim: "kubernetes:core/v1:PersistentVolumeClaim",
};

/** Returns a step in the format of `pulumi preview --json`. */
function step(op: string, kind: string, path: string, given: Given = {}): object {
  const [name = "", namespace] = path.split("/").reverse();
  const type = types[kind] ?? "";
  const metadata = { name, namespace, annotations: given.annotations };
  const state = {
    type,
    inputs: { apiVersion: "v1", kind, metadata },
    outputs: { metadata: { ...metadata, annotations: { ...given.annotations, ...given.found } } },
    ...given.state,
  };
  return {
    op,
    urn: `urn:pulumi:online::platform::platform:app:App$${type}::${given.id ?? name}`,
    ...(op === "create" ? {} : { oldState: state }),
    ...(op === "delete" ? {} : { newState: state }),
  };
}

function steps(...list: object[]): Step[] {
  return readSteps(JSON.stringify({ steps: list }));
}

function findings(id: string, list: object[], environment: Environment = "online"): string[] {
  const rule = stepRules.find((each) => each.id === id)!;
  const policy = { environment, nodePorts: { min: 30_000, max: 32_767 } };
  return rule.check(steps(...list), policy).map(({ object, message }) => `${object}: ${message}`);
}

const replaced =
  "expected an update in place, got a deletion and a new object, which loses requests in between; keep the fields that cannot be changed, or release under another name";

describe("replaceLive", () => {
  it("allows updates, and replacements of objects that serve no requests", () => {
    assert.deepEqual(
      findings("replaceLive", [
        step("update", "Deployment", "commerce/shop"),
        step("replace", "ConfigMap", "commerce/shop"),
        step("create", "Deployment", "commerce/shop-1-5-0"),
        step("delete", "Deployment", "commerce/shop-1-4-1"),
      ]),
      [],
    );
  });

  for (const kind of ["Deployment", "Service", "HTTPRoute"]) {
    it(`finds the replacement of a ${kind} in production, once, and nowhere else`, () => {
      const list = ["replace", "create-replacement", "delete-replaced"].map((op) =>
        step(op, kind, "commerce/shop"),
      );
      assert.deepEqual(findings("replaceLive", list), [`${kind} commerce/shop: ${replaced}`]);
      for (const environment of ["dev", "test", "gray"] as const) {
        assert.deepEqual(findings("replaceLive", list, environment), []);
      }
    });
  }

  it("lets an app move to another namespace, but not with a fixed node port", () => {
    const moved = (kind: string, more: object = {}) => {
      const [from, to] = ["commerce", "shops"].map((namespace) => ({
        type: types[kind] ?? "",
        inputs: { apiVersion: "v1", kind, metadata: { name: "shop", namespace }, ...more },
        outputs: {},
      }));
      const urn = `urn:pulumi:online::platform::platform:app:App$${types[kind]}::shop`;
      return [
        { op: "create-replacement", urn, oldState: from, newState: to },
        { op: "replace", urn, oldState: from, newState: to },
        { op: "delete-replaced", urn, oldState: from },
      ];
    };
    for (const kind of ["Deployment", "Service", "HTTPRoute"]) {
      assert.deepEqual(findings("replaceLive", moved(kind)), []);
    }
    const fixed = { spec: { type: "NodePort", ports: [{ nodePort: 32001 }] } };
    assert.deepEqual(findings("replaceLive", moved("Service", fixed)), [
      `Service commerce/shop: ${replaced}`,
    ]);
  });
});

describe("deleteData", () => {
  const claim = (op: string, given?: Given) =>
    step(op, "PersistentVolumeClaim", "monitoring/prometheus", given);
  const lost =
    'PersistentVolumeClaim monitoring/prometheus: expected platform/allow-deletion: "true" before its deletion, got none: its data would be lost. If this is intended: kubectl annotate persistentvolumeclaim prometheus -n monitoring platform/allow-deletion=true, then pulumi refresh';

  it("accepts objects that stay, and objects without data", () => {
    assert.deepEqual(
      findings("deleteData", [
        claim("update"),
        claim("create"),
        claim("delete", { state: { retainOnDelete: true } }),
        claim("delete-replaced", { state: { retainOnDelete: true } }),
        step("delete", "Deployment", "monitoring/prometheus"),
      ]),
      [],
    );
  });

  it("accepts objects with the annotation, declared or found in the cluster", () => {
    const annotations = { "platform/allow-deletion": "true" };
    assert.deepEqual(findings("deleteData", [claim("delete", { annotations })]), []);
    assert.deepEqual(findings("deleteData", [claim("delete", { found: annotations })]), []);
  });

  it("finds deletions and replacements, in every environment", () => {
    for (const op of ["delete", "replace", "delete-replaced"]) {
      assert.deepEqual(findings("deleteData", [claim(op)], "dev"), [lost], op);
    }
    const annotations = { "platform/allow-deletion": "yes" };
    assert.deepEqual(findings("deleteData", [claim("delete", { annotations })]), [lost]);
    assert.deepEqual(findings("deleteData", [step("delete", "Namespace", "commerce")]), [
      'Namespace commerce: expected platform/allow-deletion: "true" before its deletion, got none: its data would be lost. If this is intended: kubectl annotate namespace commerce platform/allow-deletion=true, then pulumi refresh',
    ]);
  });

  it("examines the old object: an annotation in the same change allows nothing", () => {
    const given = claim("replace") as { newState: object };
    const metadata = { name: "prometheus", annotations: { "platform/allow-deletion": "true" } };
    given.newState = { ...given.newState, inputs: { metadata } };
    assert.deepEqual(findings("deleteData", [given]), [lost]);
  });
});

describe("the steps of a preview", () => {
  it("are read with their types, and may lack states", () => {
    const [only] = steps({
      op: "delete",
      urn: "urn:pulumi:s::p::a:b:C$kubernetes:core/v1:Secret::x",
    });
    assert.deepEqual(only, {
      op: "delete",
      urn: "urn:pulumi:s::p::a:b:C$kubernetes:core/v1:Secret::x",
      type: "kubernetes:core/v1:Secret",
    });
    assert.deepEqual(readSteps("{}"), []);
  });

  it("are refused when the file is something else", () => {
    assert.throws(
      () => readSteps('{"steps": [{"op": 1}]}'),
      /not the output of "pulumi preview --json"/,
    );
    assert.throws(() => readSteps("Previewing update"), /JSON/);
  });

  it("have every rule tested here or in existing.test.ts", () => {
    assert.deepEqual(stepRules.map(({ id }) => id).sort(), [
      "createExisting",
      "deleteData",
      "replaceLive",
    ]);
  });
});
