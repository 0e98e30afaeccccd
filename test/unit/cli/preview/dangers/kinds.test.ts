import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dangersOf, type DangerKind } from "../../../../../cli/preview/dangers";
import { named, previewOf, type Change } from "../support";
import { access } from "./access";
import { entrances } from "./entrances";
import type { Example } from "./examples";
import { scalers } from "./scalers";
import { upkeep } from "./upkeep";

/** Returns the change of an example's object. */
function changeOf({ kind, before, after, namespace = "a", op = "update" }: Example): Change {
  const whole = (fields: object | undefined) =>
    fields && { kind, ...named("x", namespace), ...fields };
  return {
    ...{ op, name: "x", type: `kubernetes:test/v1:${kind}` },
    parent: { type: "platform:monitoring:Monitoring", name: "monitoring" },
    ...(op === "create" ? {} : { before: whole(before) }),
    after: whole(after),
  };
}

/** The page without line breaks. */
const page = readFileSync("docs/previews.md", "utf8").replaceAll(/\n\s+(?!-)/g, " ");

/** A workload in namespace `a` that exists before and after. */
const neighbour: Change = {
  op: "same",
  name: "neighbour",
  type: "kubernetes:apps/v1:Deployment",
  before: pods(),
  after: pods(),
};

function pods(): Record<string, unknown> {
  return {
    kind: "Deployment",
    ...named("neighbour", "a"),
    spec: {
      replicas: 2,
      template: {
        metadata: { labels: { app: "neighbour" } },
        spec: { containers: [{ name: "app", resources: { requests: { cpu: "1" } } }] },
      },
    },
  };
}

function found(example: Example): [DangerKind, string][] {
  const { beside } = example;
  const fields = { ...named("neighbour", "a"), ...beside };
  const other: Change[] =
    beside === undefined
      ? []
      : [
          {
            op: "same",
            name: "y",
            type: `kubernetes:test/v1:${beside.kind}`,
            before: fields,
            after: fields,
          },
        ];
  const { steps, objects } = previewOf(neighbour, ...other, changeOf(example));
  return dangersOf(steps, [], [], objects).map(({ kind, text }) => [kind, text]);
}

describe("kinds of dangers", () => {
  for (const { is, harmless, ...example } of [...access, ...entrances, ...upkeep, ...scalers]) {
    it(`are, as ${is[0]}: ${example.what}`, () => {
      const [kind, text] = found(example).at(0) ?? [];
      assert.equal(kind, is[0]);
      assert.match(text ?? "", is[1]);
      assert.ok(page.includes(text ?? ""), `docs/previews.md: expected ${text ?? ""}`);
    });

    it(`are none for the harmless neighbour of: ${example.what}`, () => {
      assert.deepEqual(found({ ...example, ...harmless }), []);
    });
  }
});

describe("objects that are immutable and named by their content", () => {
  for (const kind of ["ConfigMap", "Secret", "Job"]) {
    it(`change without a danger: ${kind}`, () => {
      const type = `kubernetes:core/v1:${kind}`;
      const changes: Change[] = [
        { op: "delete", type, name: "a", before: { kind, ...named("boot-1abcae971f", "a") } },
        { op: "create", type, name: "b", after: { kind, ...named("boot-15c8d3d23c", "a") } },
      ];
      assert.deepEqual(dangersOf(previewOf(...changes).steps, [], []), []);
      // Without the other half it is an ordinary deletion.
      assert.equal(dangersOf(previewOf(...changes.slice(0, 1)).steps, [], []).length, 1);
    });
  }

  it("are looked at like any other change", () => {
    const map = (name: string, retention: string) => ({
      kind: "ConfigMap",
      ...named(name, "a"),
      data: { "tempo.yaml": `compactor: {compaction: {block_retention: ${retention}}}` },
    });
    const type = "kubernetes:core/v1:ConfigMap";
    const changes: Change[] = [
      { op: "delete", type, name: "a", before: map("tempo-1abcae971f", "10d") },
      { op: "create", type, name: "b", after: map("tempo-15c8d3d23c", "1d") },
    ];
    const [danger] = dangersOf(previewOf(...changes).steps, [], []);
    assert.equal(danger?.kind, "retention");
    assert.match(danger?.text ?? "", /block_retention` changes from `10d` to `1d`/);
  });
});

describe("a stack that has nothing yet", () => {
  it("is created without a danger", () => {
    const role: Change = {
      op: "create",
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
      after: { kind: "ClusterRole", ...named("x") },
    };
    assert.deepEqual(dangersOf(previewOf(role).steps, [], []), []);
  });
});
