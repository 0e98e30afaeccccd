import assert from "node:assert/strict";
import type { Danger } from "../../../../cli/preview/dangers";
import { dangersOf } from "../../../../cli/preview/dangers";
import type { Violation } from "../../../../cli/preview/events";
import type { AppTraffic } from "../../../../cli/preview/traffic";
import { withFollowers } from "../../../../cli/preview/steps";
import { named, previewOf, traffic, type Change } from "./support";

function dangers(
  changes: Change[],
  apps: AppTraffic[] = [],
  violations: Violation[] = [],
): [Danger["kind"], string][] {
  const found = dangersOf(previewOf(...changes).steps, apps, violations);
  return found.map(({ kind, text }) => [kind, text]);
}

const gone = (kind: string, name: string, more: Partial<Change> = {}): Change => ({
  op: "delete",
  type: `kubernetes:core/v1:${kind}`,
  name,
  before: named(name),
  ...more,
});

const spec = (kind: string, before: object, after: object): Change => ({
  type: `kubernetes:core/v1:${kind}`,
  name: "shop",
  before: { ...named("shop"), spec: before },
  after: { ...named("shop"), spec: after },
});

describe("dangers", () => {
  it("do not include objects that are created or changed in place", () => {
    const changes: Change[] = [
      { op: "create", after: named("a") },
      spec("Deployment", { paused: false }, { paused: true }),
    ];
    assert.deepEqual(dangers(changes), []);
  });

  it("include replacements, with their cause", () => {
    const change = { op: "replace", before: named("a"), after: named("a"), keys: ["spec.x"] };
    assert.deepEqual(dangers([change]), [
      ["replacement", "`Deployment a` is deleted and created again, because of `spec.x`."],
    ]);
  });

  it("include replacements because of another one, according to the state", () => {
    const replaced = (name: string, keys?: string[]): Change => ({
      ...{ op: "replace", name, before: named(name, "n"), after: named(name, "n"), keys },
    });
    const { steps } = previewOf(replaced("a", ["spec.x"]), replaced("b"), replaced("c"));
    const [a, b] = steps.map(({ urn }) => urn);
    const resources = [
      { urn: b ?? "", propertyDependencies: { metadata: [a ?? ""], spec: null } },
      { urn: "urn:of:another", dependencies: [a ?? ""] },
    ].map((it) => ({ ...it, type: "t", custom: true }));
    const followed = withFollowers(steps, { version: 3, deployment: { resources } });
    assert.deepEqual(
      dangersOf(followed, [], []).map(({ text }) => text),
      [
        "`Deployment n/a` is deleted and created again, because of `spec.x`.",
        "`Deployment n/b` is deleted and created again, because it depends on `Deployment n/a`, which is replaced.",
        "`Deployment n/c` is deleted and created again, because something that it depends on is replaced.",
      ],
    );
  });

  for (const [kind, loss] of [
    ["Namespace", "everything in it is deleted with it"],
    ["PersistentVolumeClaim", "its data may be deleted with it"],
    ["PersistentVolume", "its data may be deleted with it"],
    ["CustomResourceDefinition", "every object of its kind is deleted with it, in all namespaces"],
    ["Secret", "its content is lost"],
    ["StatefulSet", "its pods lose their identity, and by its retention policy their volumes"],
    ["RandomPassword", "the password is lost"],
  ] as const) {
    it(`are the end of a ${kind}, and what goes with it`, () => {
      assert.deepEqual(dangers([gone(kind, "a")]), [
        ["data", `\`${kind} a\` is deleted: ${loss}.`],
      ]);
      const replaced = gone(kind, "a", { op: "replace", after: named("a"), keys: ["x"] });
      const text = `\`${kind} a\` is deleted and created again, because of \`x\`: ${loss}.`;
      assert.deepEqual(dangers([replaced]), [["data", text]]);
    });
  }

  it("include other deletions, once for each component", () => {
    assert.deepEqual(
      dangers([
        gone("Service", "a"),
        gone("Service", "b"),
        gone("Service", "c", { parent: { type: "platform:app:App", name: "news" } }),
        gone("App", "shop", { component: true }),
      ]),
      [
        ["deletion", "Deleted: of `App shop`, `Service a`, `Service b`."],
        ["deletion", "Deleted: of `App news`, `Service c`."],
      ],
    );
  });

  it("say that a kept object is kept", () => {
    assert.deepEqual(dangers([gone("PersistentVolumeClaim", "a", { retained: true })]), [
      [
        "deletion",
        "`PersistentVolumeClaim a` is no longer declared, and stays in the cluster as it is.",
      ],
    ]);
    const type = "kubernetes:core/v1:PersistentVolumeClaim";
    const states = { before: named("a", "n"), after: named("a", "m") };
    const keys = ["metadata.namespace"];
    assert.deepEqual(dangers([{ op: "replace", type, ...states, keys, retained: true }]), [
      [
        "replacement",
        "`PersistentVolumeClaim m/a` is created again, because of `metadata.namespace`: the former one stays in the cluster.",
      ],
    ]);
  });

  it("do not include the old content of a ConfigMap named by its hash", () => {
    const type = "kubernetes:core/v1:ConfigMap";
    const changes: Change[] = [
      gone("ConfigMap", "files-1abcae971f"),
      { op: "create", type, name: "files-15c8d3d23c", after: named("files-15c8d3d23c") },
    ];
    assert.deepEqual(dangers(changes), []);
  });

  it("include changed selectors", () => {
    const change = spec("Service", { selector: { app: "a" } }, { selector: { app: "b" } });
    assert.deepEqual(dangers([change]), [
      [
        "selector",
        "`Service shop` selects other pods: `spec.selector.app` changes from `a` to `b`.",
      ],
    ]);
    const policy = spec("NetworkPolicy", { podSelector: { a: "a" } }, { podSelector: {} });
    assert.equal(dangers([policy])[0]?.[0], "selector");
  });

  describe("of a promotion's selectors", () => {
    const key = "app.kubernetes.io/instance";
    const change: Change = {
      type: "kubernetes:core/v1:Service",
      name: "shop-stable",
      before: { ...named("shop-stable"), spec: { selector: { [key]: "shop-1-4-2" } } },
      after: { ...named("shop-stable"), spec: { selector: { [key]: "shop-1-5-0" } } },
    };

    it("are not reported, because the traffic table shows them", () => {
      const app = traffic({ selected: { "shop-stable": "shop-1-5-0" } });
      assert.deepEqual(dangers([change], [app]), []);
    });

    it("are reported if they differ from what the release rules decided", () => {
      const app = traffic({ selected: { "shop-stable": "shop-1-6-0" } });
      assert.equal(dangers([change], [app])[0]?.[0], "selector");
      assert.equal(dangers([change])[0]?.[0], "selector");
    });
  });

  it("include a lower minimum of pods", () => {
    const kind = "HorizontalPodAutoscaler";
    assert.deepEqual(dangers([spec(kind, { minReplicas: 4 }, { minReplicas: 2 })]), [
      [
        "capacity",
        "`HorizontalPodAutoscaler shop` keeps fewer pods: `spec.minReplicas` falls from `4` to `2`.",
      ],
    ]);
    assert.deepEqual(dangers([spec(kind, { minReplicas: 2 }, { minReplicas: 4 })]), []);
    assert.deepEqual(dangers([spec(kind, { minReplicas: 2 }, {})])[0]?.[0], "capacity");
    assert.deepEqual(dangers([spec(kind, {}, { minReplicas: 1 })]), []);
  });

  it("include refused releases, with what to do", () => {
    const refusal = {
      app: "shop",
      rule: "one-canary",
      message: "there is one",
      remedy: "end it",
      asked: "",
      live: "",
    } as const;
    assert.deepEqual(dangers([], [traffic({ refusals: [refusal] })]), [
      [
        "refused",
        "`shop` requests a release that the rules do not allow (`one-canary`): `there is one`. What to do: `end it`.",
      ],
    ]);
  });

  describe("of a frozen app", () => {
    const frozen = "app shop is frozen until Monday: sale";
    const inRelease = (name: string): Change => ({
      ...spec("Deployment", { a: 1 }, { a: 2 }),
      parent: { type: "platform:app:App$platform:app:Release", name },
    });

    it("are reported if anything of it changes", () => {
      const own = dangers([inRelease("shop-1-4-2")], [traffic({ frozen })]);
      assert.deepEqual(own, [["frozen", `\`shop\` is changed although \`${frozen}\`.`]]);
      const route = dangers([spec("Service", { a: 1 }, { a: 2 })], [traffic({ frozen })]);
      assert.equal(route[0]?.[0], "frozen");
    });

    it("are not reported if only others change", () => {
      assert.deepEqual(dangers([inRelease("shop-two-1-0")], [traffic({ frozen })]), []);
    });
  });

  it("include overridden rules", () => {
    const app = traffic({
      overrides: ["eve overrides frozen (x): y"],
      frozen: "app shop is frozen",
    });
    assert.deepEqual(
      dangers([], [app]).map(([kind]) => kind),
      ["override", "frozen"],
    );
  });

  it("include policy violations that another check found", () => {
    assert.deepEqual(
      dangers([], [], [{ policy: "limits", object: "Deployment a", message: "no @all" }]),
      [["policy", "Policy `limits` is broken by `Deployment a`: `no @all`"]],
    );
    const [first] = dangers([], [], [{ policy: "limits", message: "m" }]);
    assert.deepEqual(first, ["policy", "Policy `limits` is broken: `m`"]);
  });

  it("are sorted by severity", () => {
    const changes = [
      gone("Service", "a"),
      gone("Namespace", "b"),
      spec("HorizontalPodAutoscaler", { minReplicas: 4 }, { minReplicas: 2 }),
    ];
    assert.deepEqual(
      dangers(changes).map(([kind]) => kind),
      ["data", "capacity", "deletion"],
    );
  });
});
