import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkout } from "../../../local/toolchain/paths";
import { expected } from "../../support/expected";

interface KubernetesObject {
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** Secrets that a Job or an operator creates in the cluster. */
const made = ["autoscaling/kedaorg-certs", "logging/logging-tls"];

const page = readFileSync(join(checkout, "docs/first-update.md"), "utf8");

describe("the page about the first update", () => {
  it("names what must be created outside the cluster, and the way to an app's first version", () => {
    assert.match(page, /ceph fs subvolumegroup create \w+ csi/);
    assert.match(page, /acceptEula/);
    assert.match(page, /guides\/first-release\.md/);
    const tests = [...page.matchAll(/`(test\/[\w/.-]+)`/g)].map(([, file = ""]) => file);
    assert.ok(tests.length > 0);
    for (const file of tests) assert.ok(existsSync(join(checkout, file)), file);
  });

  it("names every Secret that prod refers to and does not declare", () => {
    const objects = [...expected("prod")]
      .filter(([file]) => file !== "resources.yaml")
      .map(([, text]) => parse(text) as KubernetesObject);
    const declared = objects
      .filter(({ kind }) => kind === "Secret")
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    const named = [...page.matchAll(/^\| `([\w-]+)` +\| `([\w-]+)`/gm)].map(
      ([, namespace, name]) => `${namespace}/${name}`,
    );
    const used = objects.flatMap((object) => secretsIn(object, object.metadata.namespace ?? ""));
    const missing = [...new Set(used)].filter(
      (secret) => ![...declared, ...made, ...named].includes(secret),
    );
    assert.ok(used.length > 50);
    assert.deepEqual(missing, []);
    assert.deepEqual(
      named.filter((secret) => !used.includes(secret)),
      // Named in Jenkins' settings, which are a string.
      ["ci-agents/platform-release"],
    );
  });
});

/** Returns `namespace/name` of every Secret that a value refers to. */
function secretsIn(value: unknown, namespace: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Record<string, unknown>;
  return Object.entries(fields).flatMap(([key, inner]) => {
    // Parameters of a driver.
    if (key.endsWith("secret-name")) return [`${String(fields[`${key}space`])}/${String(inner)}`];
    const { name, secretName, namespace: own } = (inner ?? {}) as Record<string, unknown>;
    const found = secretName ?? name;
    const refers = ["secretKeyRef", "secretRef", "secret"].includes(key);
    if (refers && typeof found === "string") {
      return [`${typeof own === "string" ? own : namespace}/${found}`];
    }
    const listed = ["certificateRefs", "imagePullSecrets"].includes(key) && Array.isArray(inner);
    if (!listed) return secretsIn(inner, namespace);
    return (inner as { name: string }[]).map((each) => `${namespace}/${each.name}`);
  });
}
