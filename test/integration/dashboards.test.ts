import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dashboards } from "../../components/monitoring/dashboards";
import { binary } from "../../local/toolchain/install";
import { run } from "../../local/toolchain/run";

describe("dashboards in Grafana's own schema, decoded strictly", () => {
  const folder = mkdtempSync(join(tmpdir(), "dashboards-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /**
   * Decodes a dashboard.
   * @throws CommandFailed that lists fields which are unknown or have a wrong type.
   */
  function decode(name: string, model: object): Promise<string> {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(model));
    return run(binary("dashboard-schema"), [file]);
  }

  for (const [name, model] of Object.entries(dashboards())) {
    it(`${name} has known fields of the right types only`, () => decode(name, model));
  }

  const [first = {}] = Object.values(dashboards());
  const { panels } = first as { panels: { gridPos: object; options: object }[] };
  const [panel] = panels;
  const faults: [what: string, change: object, message: RegExp][] = [
    ["an unknown option", { options: { ...panel?.options, bogus: true } }, /bogus/],
    ["a wrong type", { gridPos: { ...panel?.gridPos, h: "tall" } }, /gridPos/],
    ["an unknown panel", { type: "sparkline" }, /panels\[0\]\.type.*sparkline/],
  ];
  for (const [what, change, message] of faults) {
    it(`refuses ${what}`, async () => {
      const changed = { ...first, panels: [{ ...panel, ...change }, ...panels.slice(1)] };
      await assert.rejects(decode("changed.json", changed), message);
    });
  }
});
