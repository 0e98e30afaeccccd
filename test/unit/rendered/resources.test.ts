import assert from "node:assert/strict";
import { recordConfig } from "../../../render/stack";
import type { Registration } from "../../../render/record";
import { long } from "../../support/long";
import { bases } from "../../support/mutations/bases";
import { stackNames, stackRecording } from "../../support/stacks";

/** Returns objects in the cluster that have several resources in the program, each with these. */
function severalResources(stacks: readonly (readonly Registration[])[]): string[] {
  const found = new Map<string, Set<string>>();
  for (const { type, urn, inputs } of stacks.flat()) {
    const { apiVersion, kind, metadata } = inputs as {
      apiVersion?: string;
      kind?: string;
      metadata?: { name?: string; namespace?: string };
    };
    if (!type.startsWith("kubernetes:") || metadata?.name === undefined) continue;
    const group = apiVersion?.includes("/") ? apiVersion.split("/")[0] : "";
    const object = [group, kind, metadata.namespace, metadata.name].join(" ");
    const resource = urn.split("::").slice(2).join("::");
    found.set(object, (found.get(object) ?? new Set()).add(resource));
  }
  return [...found]
    .filter(([, resources]) => resources.size > 1)
    .map(([object, resources]) => `${object}: ${[...resources].join(", ")}`);
}

describe("an object in the cluster", () => {
  it("has the same resource in every stack, so that no config change creates it again", async () => {
    const all: Registration[][] = [];
    for (const stack of stackNames) all.push((await stackRecording(stack)).registrations);
    // The stack of apps needs the outputs of another one.
    for (const { name, values } of long ? bases.filter((base) => base.name !== "appStack") : []) {
      const keys = Object.entries(values).map(([key, value]) => [`platform:${key}`, value]);
      all.push((await recordConfig(name, Object.fromEntries(keys), {})).registrations);
    }
    assert.deepEqual(severalResources(all), []);
    const [first = []] = all;
    const renamed = first.map((it) => ({ ...it, urn: `${it.urn}-2` }));
    assert.ok(severalResources([first, renamed]).length > 100);
  });
});
