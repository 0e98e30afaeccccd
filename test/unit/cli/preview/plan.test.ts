import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  leafText,
  normalPlan,
  planDifference,
  planHash,
  planLines,
  type NormalPlan,
} from "../../../../cli/preview/plan";
import { keepPlan, keptPlan } from "../../../../cli/preview/store";
import { clusterUid, named, previewOf, type Change } from "./support";

const plan = (...changes: Change[]): NormalPlan =>
  normalPlan("prod", previewOf(...changes), clusterUid);
const hash = (...changes: Change[]): string => planHash(plan(...changes));

const scaled = (name: string, replicas: number): Change => ({
  name,
  before: { ...named(name), spec: { replicas: 2 } },
  after: { ...named(name), spec: { replicas } },
});

describe("a plan's hash", () => {
  it("is the same whatever the order of the engine's events and of an object's fields", () => {
    const other: Change = { op: "create", name: "c", after: { b: 1, a: { d: 2, c: 3 } } };
    const same: Change = { op: "create", name: "c", after: { a: { c: 3, d: 2 }, b: 1 } };
    assert.equal(hash(scaled("a", 3), other), hash(same, scaled("a", 3)));
    assert.match(hash(other), /^[0-9a-f]{64}$/);
  });

  it("ignores unchanged resources", () => {
    const same = { op: "same", name: "z", before: named("z"), after: named("z") };
    assert.equal(hash(scaled("a", 3)), hash(scaled("a", 3), same));
  });

  for (const [what, changed] of [
    ["a value", [scaled("a", 4)]],
    ["an object", [scaled("b", 3)]],
    ["a step more", [scaled("a", 3), scaled("b", 3)]],
    ["an operation", [{ ...scaled("a", 3), op: "replace" }]],
    ["a former value", [{ ...scaled("a", 3), before: { ...named("a"), spec: { replicas: 1 } } }]],
  ] as [string, Change[]][]) {
    it(`differs with another ${what.replace(/^an? /, "")}`, () => {
      assert.notEqual(hash(...changed), hash(scaled("a", 3)));
    });
  }

  it("differs for another stack or cluster", () => {
    const preview = previewOf(scaled("a", 3));
    const own = planHash(normalPlan("prod", preview, clusterUid));
    assert.notEqual(planHash(normalPlan("gray", preview, clusterUid)), own);
    assert.notEqual(planHash(normalPlan("prod", preview, "other")), own);
  });

  it("does not distinguish secrets, but contains that one changes", () => {
    const type = "kubernetes:core/v1:Secret";
    const secret = (value: string): Change => ({
      type,
      before: { stringData: { a: "former-value" } },
      after: { stringData: { a: value } },
    });
    assert.equal(hash(secret("first-value")), hash(secret("second-value")));
    assert.notEqual(hash(secret("first-value")), hash());
    assert.doesNotMatch(JSON.stringify(plan(secret("first-value"))), /first-value|former-value/);
  });

  it("treats all unknown values as equal", () => {
    const unknown = (value: string): Change => ({ op: "create", after: { a: value } });
    assert.equal(
      hash(unknown("04da6b54-80e4-46f7-96ec-b56ff0331ba9")),
      hash(unknown("dd056dcd-154b-4c76-9bd3-c8f88648b5ff")),
    );
  });

  it("does not depend on a name that each preview generates again", () => {
    const drawn = (name: string, autonamed: string): Change => ({
      op: "create",
      name: "a",
      after: { metadata: { name, annotations: { "pulumi.com/autonamed": autonamed } } },
    });
    assert.equal(hash(drawn("a-1234", "true")), hash(drawn("a-5678", "true")));
    assert.notEqual(hash(drawn("a-1234", "false")), hash(drawn("a-5678", "false")));
  });
});

describe("the difference between two plans", () => {
  it("is empty between equal ones", () => {
    assert.deepEqual(planDifference(plan(scaled("a", 3)), plan(scaled("a", 3))), []);
  });

  it("names removed, added and changed steps", () => {
    const title = (name: string) => `update platform:app:App$kubernetes:apps/v1:Deployment ${name}`;
    assert.deepEqual(
      planDifference(plan(scaled("a", 3), scaled("b", 3)), plan(scaled("b", 5), scaled("c", 3))),
      [
        `- ${title("a")}`,
        "    - spec.replicas: 2 → 3",
        `~ ${title("b")}`,
        "    - spec.replicas: 2 → 3",
        "    + spec.replicas: 2 → 5",
        `+ ${title("c")}`,
        "    + spec.replicas: 2 → 3",
      ],
    );
  });

  it("names another cluster", () => {
    const present = { ...plan(), cluster: "other" };
    assert.match(planDifference(plan(), present).join("\n"), /~ cluster: adba6509.* → other/);
  });

  it("is the whole plan if the approved one is not available", () => {
    assert.equal(planLines(plan(scaled("a", 3))).length, 2);
  });
});

describe("a kept plan", () => {
  it("is found only by its hash", () => {
    const folder = mkdtempSync(join(tmpdir(), "plans-"));
    const approved = plan(scaled("a", 3));
    keepPlan("a".repeat(64), approved, join(folder, "deep"));
    assert.deepEqual(
      planDifference(keptPlan("a".repeat(64), join(folder, "deep")) ?? plan(), approved),
      [],
    );
    assert.equal(keptPlan("b".repeat(64), folder), undefined);
    rmSync(folder, { recursive: true });
  });
});

describe("a leaf for a person", () => {
  for (const [leaf, text] of [
    [{ path: "a", before: 1, after: 2 }, "a: 1 → 2"],
    [{ path: "a", after: "x y" }, "a: (none) → x y"],
    [{ path: "a", before: "", after: 'say "no"' }, 'a: "" → "say \\"no\\""'],
    [{ path: "a", before: "1\n2", after: null }, 'a: "1\\n2" → null'],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.equal(leafText(leaf), text);
    });
  }
});
