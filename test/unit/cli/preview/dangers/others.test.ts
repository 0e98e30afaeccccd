import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { checkDangers } from "../../../../../cli/preview/checks";
import { dangersOf, type DangerKind } from "../../../../../cli/preview/dangers";
import { dangerKinds } from "../../../../../cli/preview/dangers/danger";
import { violations } from "../../../../../policy/check";
import { plan } from "../../../../../releases";
import { budget, workload } from "../../../policy/objects";
import { at, check, debug, shop, strict, ten, withCanary } from "../../../releases/story";
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

const oneAtATime = { ...strict, secondRelease: "refuse" } as const;
const canaryStays = { canary: ten, template: debug };

/** Examples of each kind that is not about one field of one kind of object. */
const examples: Partial<Record<DangerKind, () => ReturnType<typeof dangersOf>>> = {
  refused: () => {
    const desired = shop({ canary: { version: "1.6.0", weight: 10 }, template: debug });
    const answer = plan(withCanary(oneAtATime).record, desired, at(60), oneAtATime);
    assert.ok(answer.kind === "refusal");
    return texts([], [traffic({ refusals: answer.refusals })]);
  },
  check: () => {
    const text = "errors 5.00% on the canary, 0.05% on stable; allowed: 1.00%";
    const findings = [{ criterion: "errors", verdict: "fail", text } as const];
    const result = { verdict: "fail", findings, requests: 2000 } as const;
    const told = { app: "shop", release: "1.5.0", step: "promotion", result } as const;
    return checkDangers([{ ...told, evidence: check("1.5.0", 3600) }], "prod");
  },
  override: () => {
    const hotfix = { stable: { version: "1.4.3" }, template: debug };
    const by = { by: "ann", reason: "hotfix of the login" };
    const { steps } = withCanary().planned({ ...hotfix, canary: ten, override: by }, 60);
    const overrides = steps.filter(({ kind }) => kind === "override").map(({ text }) => text);
    return texts([], [traffic({ overrides })]);
  },
  frozen: () => {
    const changed = of("Deployment", "shop-1-4-2", {
      parent: { type: "platform:app:App$platform:app:Release", name: "shop-1-4-2" },
      before: withSpec("shop-1-4-2", { paused: false }),
      after: withSpec("shop-1-4-2", { paused: true }),
    });
    const freeze = { scope: "app shop", until: "2026-12-01T00:00:00Z", reason: "sale" };
    const { notices } = withCanary().planned({ ...canaryStays, freezes: [freeze] }, 60);
    const frozen = notices.find(({ kind }) => kind === "freeze-in-force")?.text;
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
  policy: () => {
    const objects = [workload({ affinity: {} }), budget()];
    const found = violations(objects, {
      environment: "dev",
      nodePorts: { min: 30000, max: 30199 },
    });
    return dangersOf(
      [],
      [],
      found
        .filter(({ rule }) => rule === "spread")
        .map(({ rule, level, ...more }) => ({ ...more, policy: `${rule} (${level})` })),
    );
  },
  deletion: () => texts([of("Service", "x", { op: "delete", after: undefined })]),
};

describe("kinds of dangers that concern more than one field", () => {
  for (const [kind, found] of Object.entries(examples)) {
    it(`are on the page with a real text: ${kind}`, () => {
      const danger = found().find((it) => it.kind === kind);
      assert.ok(danger, "none was found");
      assert.ok(page.includes(danger.text), `docs/previews.md: expected ${danger.text}`);
    });
  }

  it("are all kinds that have no other example on the page", () => {
    const shown = [...access, ...upkeep].map(({ is }) => is[0]);
    const all = [...new Set([...shown, ...(Object.keys(examples) as DangerKind[])])];
    assert.deepEqual(all.sort(), [...dangerKinds].sort());
  });
});
