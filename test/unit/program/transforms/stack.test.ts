import assert from "node:assert/strict";
import { policyOf, violations } from "../../../../policy/check";
import { parseStack } from "../../../../config";
import { platformValues } from "../../../../config/yaml";
import { transforms } from "../../../../program/transforms/from-code";
import type { Transform } from "../../../../program/transforms/transform";
import { at, collected, type Declared } from "../../../support/declare";
import { devConfig, keepApps, keepParts } from "../../../support/dev-stack";
import { titleOf } from "../../../../render/objects";
import { stackFileConfig } from "../../../../config/stack-file";
import { stackRecording } from "../../../support/stacks";
import { recordConfig } from "../../../../render/stack";

const headlamp = "Deployment dashboard/headlamp";
const container = "spec.template.spec.containers[headlamp]";

type Config = Record<string, unknown>;

/** Returns the config of a small part of the dev stack. */
function small(set?: Record<string, Record<string, unknown>>): Config {
  const config: Config = {
    ...devConfig(),
    "platform:cluster": { kubeconfig: "none", context: "none" },
  };
  keepParts(config, ["tenancy", "dashboard", "placement"]);
  keepApps(config, ["shop"]);
  if (set !== undefined) {
    config["platform:transforms"] = Object.fromEntries(
      Object.entries(set).map(([object, fields]) => [object, { set: fields, reason: "a test" }]),
    );
  }
  return config;
}

async function declared(config: Config, own: readonly Transform[] = []): Promise<Declared> {
  const list = transforms as Transform[];
  list.push(...own);
  try {
    const { registrations } = await recordConfig("dev", config, {});
    return collected(registrations);
  } finally {
    list.splice(0);
  }
}

const byUrn = ({ registrations }: Declared) =>
  [...registrations].sort((a, b) => (a.urn < b.urn ? -1 : 1));

describe("a stack with transforms", () => {
  it("declares the objects with the fields, and everything else as before", async () => {
    const before = await declared(small());
    const after = await declared(
      small({
        [headlamp]: {
          [`${container}.resources.limits.memory`]: "1Gi",
          [`${container}.livenessProbe`]: null,
          "spec.template.metadata.annotations[example.com/a]": "b",
        },
        "ResourceQuota commerce-dev/team": { "metadata.labels[example.com/a]": "b" },
        "Namespace dashboard": { "metadata.annotations[example.com/a]": "b" },
      }),
    );
    const { template } = after.object("Deployment", "headlamp")["spec"] as { template: object };
    const [pod] = at(template, "spec.containers") as Config[];
    assert.deepEqual(at(pod!, "resources.limits"), {
      cpu: "500m",
      "ephemeral-storage": "320Mi",
      memory: "1Gi",
    });
    assert.equal(pod!["livenessProbe"], undefined);
    assert.deepEqual(at(template, "metadata.annotations"), { "example.com/a": "b" });
    assert.deepEqual(after.object("Namespace", "dashboard").metadata.annotations, {
      "example.com/a": "b",
    });
    const changed = byUrn(before).flatMap((it, index) =>
      JSON.stringify(it) === JSON.stringify(byUrn(after)[index]) ? [] : it.name,
    );
    assert.deepEqual(changed.sort(), ["commerce-dev", "dashboard", "headlamp"]);
  });

  it("is refused with every transform that fits nothing", async () => {
    const config = small({
      "Deployment dashboard/headlmp": { "spec.replicas": 2 },
      "Deployment monitoring/grafana": { "spec.replicas": 2 },
      "Deployment commerce-dev/shop-1-4-2": { "spec.replicas": 2 },
      "HTTPRoute commerce-dev/shop": { "metadata.annotations[a.b/c]": "d" },
      [headlamp]: {
        "spec.template.spec.containers[headlam].image": "a",
        "spec.paused": true,
      },
    });
    const none = (object: string, next: string) =>
      `  platform:transforms["${object}"]: expected an object that a part of this stack declares, got none of this name; ${next}`;
    const off =
      "a part that is off has no objects, and those of apps, charts and manifests cannot be named here";
    await assert.rejects(declared(config), {
      message: [
        'The config of stack "dev" has 5 errors; nothing was changed.',
        none("Deployment dashboard/headlmp", `did you mean "${headlamp}"?`),
        none("Deployment monitoring/grafana", off),
        none("Deployment commerce-dev/shop-1-4-2", off),
        none("HTTPRoute commerce-dev/shop", off),
        `  platform:transforms["${headlamp}"].set["spec.template.spec.containers[headlam].image"]: expected an item of spec.template.spec.containers by its name ([headlamp]), got [headlam]`,
      ].join("\n"),
    });
  });

  it("keeps the company's rules", async () => {
    const { objects } = await declared(
      small({ [headlamp]: { [`${container}.securityContext.readOnlyRootFilesystem`]: false } }),
    );
    const config = parseStack("dev", platformValues(small()));
    const found = violations(objects, policyOf(config), []);
    const broken = found.filter(
      ({ level, object }) => level === "mandatory" && object === headlamp,
    );
    assert.deepEqual(
      broken.map(({ message }) => message.includes("readOnlyRootFilesystem")),
      [true],
      JSON.stringify(found),
    );
  });

  it("has no field that the cluster's version does not know", async () => {
    const config = small({ [headlamp]: { "spec.template.spec.hostnameOverride": "a" } });
    await assert.rejects(declared(config), /Deployment headlamp: expected fields of Kubernetes/);
  });
});

describe("transforms from code", () => {
  const seen: string[] = [];
  const looking: Transform = {
    title: "nothing",
    reason: "a test",
    apply: (object) => {
      const { kind, apiVersion, ...metadata } = object;
      seen.push(titleOf({ kind, apiVersion, metadata }));
      return undefined;
    },
  };

  it("get every object of the parts, and none of an app", async () => {
    const before = collected((await stackRecording("dev")).registrations);
    const after = await declared(stackFileConfig("dev"), [looking]);
    assert.deepEqual(byUrn(after), byUrn(before));
    const isOfApp = new Set(
      before.registrations
        .filter((it) => it.type.startsWith("kubernetes:") && it.parent.includes("platform:app:"))
        .map(({ inputs }) => titleOf(inputs as never)),
    );
    const titles = before.objects.map(titleOf);
    assert.ok(isOfApp.size > 10);
    assert.deepEqual(seen.sort(), titles.filter((title) => !isOfApp.has(title)).sort());
  });

  it("return changed inputs, and no other object", async () => {
    const renaming = (metadata: object): Transform => ({
      title: "renames",
      reason: "a test",
      apply: ({ kind }, props) => (kind === "Deployment" ? { ...props, metadata } : undefined),
    });
    await assert.rejects(
      declared(small(), [renaming({ name: "other", namespace: "dashboard" })]),
      /Transform "renames" of Deployment dashboard\/headlamp: expected the same metadata\.name, got another one/,
    );
    const scaling: Transform = {
      title: "scales",
      reason: "a test",
      apply: ({ kind }, props) =>
        kind === "Deployment"
          ? { ...props, spec: { ...(props["spec"] as object), replicas: 3 } }
          : undefined,
    };
    const { objects } = await declared(small(), [scaling]);
    const replicas = objects
      .filter(({ kind }) => kind === "Deployment")
      .map((it) => [it.metadata.name, at(it, "spec.replicas")]);
    assert.deepEqual(new Map(replicas as [string, number][]).get("headlamp"), 3);
    assert.ok(replicas.every(([name, count]) => name === "headlamp" || count !== 3));
  });
});
