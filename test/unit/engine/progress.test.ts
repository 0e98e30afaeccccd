import assert from "node:assert/strict";
import { partName, Progress } from "../../../engine/progress";

const urn = (types: string, name: string) => `urn:pulumi:prod::platform::${types}::${name}`;
const logging = (type: string, name: string) => urn(`platform:logging:Logging$${type}`, name);
const deployment = (name: string) => logging("kubernetes:apps/v1:Deployment", name);
const service = (name: string) => logging("kubernetes:core/v1:Service", name);
const route = urn("platform:app:App$kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "shop");

describe("the progress of an update", () => {
  let printed: string[];
  let now: number;
  let progress: Progress;
  beforeEach(() => {
    printed = [];
    now = 0;
    progress = new Progress(
      (line) => printed.push(line),
      () => now,
    );
  });

  const take = (...lines: string[]) => lines.forEach((line) => progress.take(line));

  it("is a line for each part, with the objects that are in progress for longest", () => {
    take(
      "Updating (prod):",
      "@ updating....",
      ` +  ${urn("pulumi:pulumi:Stack", "platform-prod")} creating (0s) hello`,
      ` +  ${urn("platform:logging:Logging", "logging")} creating (0s) `,
      ` +  ${service("kibana")} creating (0s) `,
      ` +  ${service("kibana")} created (0.4s) `,
      ` +  ${deployment("kibana")} creating (0s) `,
    );
    now = 12_000;
    take(
      ` +  ${deployment("a")} creating (0s) `,
      ` +  ${deployment("b")} creating (0s) `,
      ` +  ${deployment("c")} creating (0s) `,
      ` ~  ${route} updating (0s) [diff: ~spec]`,
      ` ~  ${route} updated (0.1s) [diff: ~spec]`,
    );
    progress.look();
    assert.deepEqual(printed, [
      "Updating (prod):",
      "  logging      Service kibana created; under way: Deployment kibana (12 s), Deployment a (0 s), Deployment b (0 s), 1 more",
      "  apps         HTTPRoute shop updated",
    ]);
  });

  it("counts objects if there are more than a few", () => {
    for (const name of ["a", "b", "c", "d"]) {
      const line = ` +  ${deployment(name)} created (1s) `;
      // The line is repeated for each message of the plugin.
      take(line, line);
    }
    progress.end();
    assert.deepEqual(printed, ["  logging      4 created"]);
  });

  it("is shown again if something ended, or if a part waits for a minute", () => {
    take(` +  ${deployment("kibana")} creating (0s) `);
    progress.look();
    progress.look();
    assert.deepEqual(printed, [
      "  logging      nothing done yet; under way: Deployment kibana (0 s)",
    ]);
    now = 61_000;
    progress.look();
    assert.match(printed[1] ?? "", /Deployment kibana \(1 min 1 s\)/);
    take(` +  ${deployment("kibana")} created (61s) `);
    progress.look();
    assert.equal(printed[2], "  logging      Deployment kibana created");
  });

  it("counts replacements and failures", () => {
    take(
      ` ++ ${deployment("a")} creating replacement (0s) [diff: ~spec]`,
      ` ++ ${deployment("a")} created replacement (1s) [diff: ~spec]`,
      ` +- ${deployment("a")} replaced (0.00s) [diff: ~spec]`,
      ` -- ${deployment("a")} deleting original (0s) [diff: ~spec]`,
      ` -- ${deployment("a")} deleted original (1s) [diff: ~spec]`,
      ` ~  ${deployment("b")} updating (0s) [diff: ~spec]`,
      ` ~  ${deployment("b")} **updating failed** error: not ready`,
    );
    progress.end();
    assert.deepEqual(printed, [
      "  logging      1 created, 1 deleted, Deployment b failed, 1 replaced",
    ]);
  });

  it("passes on the rest of the output, with the names that people know", () => {
    take(
      ` +  ${deployment("kibana")} creating (0s) `,
      "@ updating....",
      "Diagnostics:",
      `  ${deployment("kibana")}:`,
      "    error: not ready",
      "",
      "Resources:",
      "    + 1 created",
    );
    progress.look();
    assert.deepEqual(printed, [
      "  logging      nothing done yet; under way: Deployment kibana (0 s)",
      "Diagnostics:",
      "  Deployment kibana:",
      "    error: not ready",
      "",
      "Resources:",
      "    + 1 created",
    ]);
  });

  it("names the part by the folder of the outermost component", () => {
    assert.equal(partName(deployment("kibana")), "logging");
    assert.equal(partName(route), "apps");
    assert.equal(partName(urn("pulumi:providers:kubernetes", "cluster")), "stack");
  });
});
