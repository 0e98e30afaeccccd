import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dangersOf, type DangerKind } from "../../../../../cli/preview/dangers";
import { dangerKinds } from "../../../../../cli/preview/dangers/danger";
import { named, previewOf, traffic, type Change } from "../support";
import { access } from "./access";
import { upkeep } from "./upkeep";

const page = readFileSync("docs/previews.md", "utf8").replaceAll(/\n\s+(?!-)/g, " ");
const of = (kind: string, name: string, more: Partial<Change>): Change => ({
  type: `kubernetes:apps/v1:${kind}`,
  name,
  before: named(name, "a"),
  after: named(name, "a"),
  ...more,
});
const withSpec = (name: string, spec: object) => ({ ...named(name, "a"), spec });
const texts = (changes: Change[], ...rest: [] | [apps: ReturnType<typeof traffic>[]]) =>
  dangersOf(previewOf(...changes).steps, rest[0] ?? [], []);

/** Examples of each kind that is not about one field of one kind of object. */
const examples: Partial<Record<DangerKind, () => ReturnType<typeof dangersOf>>> = {
  refused: () => {
    const refusal = {
      app: "shop",
      rule: "one-canary",
      message: "1.5.0 is the canary, and 1.6.0 is asked for",
      remedy: "promote or end 1.5.0 first",
      asked: "",
      live: "",
    } as const;
    return texts([], [traffic({ refusals: [refusal] })]);
  },
  override: () => texts([], [traffic({ overrides: ["ann overrides soak: hotfix of the login"] })]),
  frozen: () => {
    const changed = of("Deployment", "shop-1-4-2", {
      parent: { type: "platform:app:App$platform:app:Release", name: "shop-1-4-2" },
      before: withSpec("shop-1-4-2", { paused: false }),
      after: withSpec("shop-1-4-2", { paused: true }),
    });
    const frozen = "app shop is frozen until 2026-12-01T00:00:00Z: sale";
    return texts([changed], [traffic({ frozen })]);
  },
  data: () => texts([of("StatefulSet", "x", { op: "delete", after: undefined })]),
  replacement: () => texts([of("Deployment", "x", { op: "replace", keys: ["spec.selector"] })]),
  "by-hand": () => {
    const { steps } = previewOf(of("Service", "x", { op: "update" }));
    const leaf = { path: "spec.selector.app", before: "x-1", after: "x-2" };
    const change = {
      urn: steps[0]?.urn ?? "",
      title: "Service a/x",
      deleted: false,
      leaves: [leaf],
    };
    return dangersOf(steps, [], [], undefined, [change]);
  },
  selector: () =>
    texts([
      of("Service", "x", {
        before: withSpec("x", { selector: { app: "x-1" } }),
        after: withSpec("x", { selector: { app: "x-2" } }),
      }),
    ]),
  pods: () =>
    texts([
      of("Deployment", "shop-1-4-2", {
        parent: { type: "platform:app:App$platform:app:Release", name: "shop-1-4-2" },
        before: withSpec("shop-1-4-2", { template: { spec: { hostname: "a" } } }),
        after: withSpec("shop-1-4-2", { template: { spec: { hostname: "b" } } }),
      }),
    ]),
  policy: () =>
    dangersOf(
      [],
      [],
      [
        {
          policy: "antiAffinity",
          object: "Deployment a/x",
          message: "2 replicas that may all be on one node",
        },
      ],
    ),
  deletion: () => texts([of("Service", "x", { op: "delete", after: undefined })]),
};

describe("kinds of dangers that are not about one field", () => {
  for (const [kind, found] of Object.entries(examples)) {
    it(`are on the page with a real text: ${kind}`, () => {
      const danger = found().find((it) => it.kind === kind);
      assert.ok(danger, "none was found");
      assert.ok(page.includes(danger.text), `docs/previews.md: expected ${danger.text}`);
    });
  }

  it("are all that the page has no other example of", () => {
    const shown = [...access, ...upkeep].map(({ is }) => is[0]);
    const all = [...new Set([...shown, ...(Object.keys(examples) as DangerKind[])])];
    assert.deepEqual(all.sort(), [...dangerKinds].sort());
  });
});
