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
        spec: {
          containers: [{ name: "app", resources: { requests: { cpu: "1", memory: "256Mi" } } }],
        },
      },
    },
  };
}

function found(example: Example, ...more: Change[]): [DangerKind, string][] {
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
  return dangersIn(neighbour, ...other, ...more, changeOf(example));
}

function dangersIn(...changes: Change[]): [DangerKind, string][] {
  const { steps, numberedObjects, plainObjects } = previewOf(...changes);
  return dangersOf(steps, [], [], numberedObjects, [], plainObjects).map(({ kind, text }) => [
    kind,
    text,
  ]);
}

/** Texts of an example that differ and are long enough to be masked. */
function differing(before: unknown, after: unknown): string[] {
  const texts = (value: unknown): string[] =>
    typeof value === "string"
      ? [value]
      : typeof value === "object" && value !== null
        ? Object.values(value).flatMap(texts)
        : [];
  const [old, now] = [texts(before), texts(after)];
  return [
    ...old.filter((text) => !now.includes(text)),
    ...now.filter((text) => !old.includes(text)),
  ].filter((text) => text.length >= 6);
}

describe("kinds of dangers", () => {
  for (const { is, harmless, ...example } of [...access, ...entrances, ...upkeep, ...scalers]) {
    it(`include, as ${is[0]}: ${example.what}`, () => {
      const [kind, text] = found(example).at(0) ?? [];
      assert.equal(kind, is[0]);
      assert.match(text ?? "", is[1]);
      assert.ok(page.includes(text ?? ""), `docs/previews.md: expected ${text ?? ""}`);
    });

    it(`do not include the harmless variant of: ${example.what}`, () => {
      assert.deepEqual(found({ ...example, ...harmless }), []);
    });
  }

  it("show memory with its unit, and read every notation of Kubernetes", () => {
    const hard = (memory: string) => ({ spec: { hard: { "requests.memory": memory } } });
    const quota = { what: "", kind: "ResourceQuota", before: hard("16Gi") };
    const [[, text] = []] = found({ ...quota, after: hard("1E3") });
    assert.match(text ?? "", /falls from `16Gi` to `1E3`, and what .* may need `512Mi`/);
    assert.deepEqual(found({ ...quota, after: hard(".5Gi") }), []);
  });
});

describe("secrets in a changed object", () => {
  const pairs = [...access, ...entrances, ...upkeep, ...scalers]
    .map((pair) => ({ pair, values: differing(pair.before, pair.after) }))
    .filter(({ values }) => values.length > 1);
  assert.ok(pairs.length > 10);

  for (const { pair, values } of pairs) {
    it(`hide no danger, and no danger shows them: ${pair.what}`, () => {
      const stringData = Object.fromEntries(values.map((value, at) => [`key-${at}`, value]));
      const secret = { kind: "Secret", ...named("values", "a"), stringData };
      const type = "kubernetes:core/v1:Secret";
      const same: Change = { op: "same", type, name: "values", before: secret, after: secret };
      const all = found(pair, same);
      assert.ok(
        all.some(([kind]) => kind === pair.is[0]),
        JSON.stringify(all),
      );
      for (const [, text] of all) {
        for (const value of values) assert.ok(!text.includes(value), `${text} shows ${value}`);
        assert.doesNotMatch(text, /[\ue000-\uf8ff]/);
      }
    });
  }

  it("name the object if only their meaning is dangerous, as the page says", () => {
    const config = (retention: string) => ({
      kind: "ConfigMap",
      ...named("x", "a"),
      data: { "kafka.properties": `log.retention.hours=${retention}\n` },
    });
    const type = "kubernetes:core/v1:ConfigMap";
    const stringData = { file: "log.retention.hours=240\nlog.retention.hours=24" };
    const secret = { kind: "Secret", ...named("x", "a"), stringData };
    const all = dangersIn(
      { op: "same", type: "kubernetes:core/v1:Secret", before: secret, after: secret },
      { type, name: "x", before: config("240"), after: config("24") },
    );
    assert.deepEqual(
      all.map(([kind]) => kind),
      ["retention"],
    );
    assert.ok(page.includes(all[0]?.[1] ?? ""), all[0]?.[1]);
  });

  it("is a certificate's key that the engine masks before the preview sees it", () => {
    const secret = {
      kind: "Secret",
      ...named("tls", "gateway"),
      type: "kubernetes.io/tls",
      stringData: "[secret]",
    };
    const change: Change = {
      type: "kubernetes:core/v1:Secret",
      name: "tls",
      before: secret,
      after: secret,
    };
    assert.deepEqual(dangersIn(change), []);
    assert.deepEqual(
      dangersIn({ ...change, differing: { 'stringData["tls.key"]': true } }).map(([kind]) => kind),
      ["tls"],
    );
  });
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

  it("are examined like any other change", () => {
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

describe("an empty stack", () => {
  it("is created without a danger", () => {
    const role: Change = {
      op: "create",
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
      after: { kind: "ClusterRole", ...named("x") },
    };
    assert.deepEqual(dangersOf(previewOf(role).steps, [], []), []);
  });
});
