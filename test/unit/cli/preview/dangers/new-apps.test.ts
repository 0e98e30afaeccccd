import assert from "node:assert/strict";
import program from "../../../../../index";
import { dangersOf } from "../../../../../cli/preview/dangers";
import { stackFileConfig } from "../../../../../config/stack-file";
import { kubernetesObjects, titleOf, type KubernetesObject } from "../../../../../render/objects";
import { record } from "../../../../../render/record";
import { stackRecording } from "../../../../support/stacks";
import { previewOf, type Change } from "../support";

/** Returns a stack's steps from one set of objects to another, like the engine. */
function stepsBetween(before: KubernetesObject[], after: KubernetesObject[]): Change[] {
  const [old, now] = [before, after].map(
    (all) => new Map(all.map((object) => [titleOf(object), object])),
  );
  return [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].map((title) => {
    const [from, to] = [old?.get(title), now?.get(title)];
    const { apiVersion = "", kind = "" } = to ?? from ?? {};
    const same = JSON.stringify(from) === JSON.stringify(to);
    const op =
      from === undefined ? "create" : to === undefined ? "delete" : same ? "same" : "update";
    return { op, name: title, type: `kubernetes:${apiVersion}:${kind}`, before: from, after: to };
  });
}

describe("thirty new apps", function () {
  this.timeout(120_000);

  it("are not a danger, because they change nothing that already runs", async () => {
    const config = stackFileConfig("dev");
    const apps = config["platform:apps"] as Record<string, object>;
    const before = kubernetesObjects((await stackRecording("dev")).registrations);
    const more = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `new${index}`,
        {
          team: "content",
          domain: `new${index}.dev.platform.test`,
          image: `harbor.dev.platform.test/new${index}.dev.platform.test/new${index}`,
          scaling: { min: 1, max: 2 },
          stable: { version: "1.0.0" },
        },
      ]),
    );
    const changed = { ...config, "platform:apps": { ...apps, ...more } };
    const after = kubernetesObjects((await record(program, "dev", changed)).registrations);
    const { steps, objects } = previewOf(...stepsBetween(before, after));
    assert.ok(steps.length > 100);
    assert.deepEqual(dangersOf(steps, [], [], objects), []);
  });
});
