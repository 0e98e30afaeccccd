import assert from "node:assert/strict";
import fc from "fast-check";
import { isQuantityAt, sameQuantity } from "../../../../local/plugins/resource-kubernetes/quantity";

describe("quantities", () => {
  const same: [a: string, b: string][] = [
    ["0.5", "500m"],
    ["1.001", "1001m"],
    ["1", "1000m"],
    ["1Gi", "1024Mi"],
    ["1.5Gi", "1536Mi"],
    ["2Ei", "2048Pi"],
    ["1k", "1000"],
    ["1E", "1000P"],
    ["1e3", "1k"],
    ["1E-3", "1m"],
    ["100n", "0.1u"],
    [".5", "0.50"],
    ["+1.", "1"],
    ["-1", "-1000m"],
    ["0", "0Gi"],
  ];
  for (const [a, b] of same) {
    it(`${a} is ${b}`, () => assert.ok(sameQuantity(a, b) && sameQuantity(b, a)));
  }

  const different: [a: string, b: string][] = [
    ["1", "2"],
    ["1G", "1Gi"],
    ["1M", "1m"],
    ["1", "-1"],
    ["512MB", "512MB"],
    ["", ""],
    [".", "."],
    ["1 Gi", "1 Gi"],
    ["1constructor", "1constructor"],
    ["shop", "shop"],
    ["1.4.2", "1.4.2"],
  ];
  for (const [a, b] of different) {
    it(`"${a}" and "${b}" are not the same quantity`, () => assert.ok(!sameQuantity(a, b)));
  }

  it("of thousandths are the same as their decimal fractions", () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (thousandths) =>
        sameQuantity(`${thousandths}m`, (thousandths / 1000).toString()),
      ),
    );
  });

  const places: [path: string, holds: boolean][] = [
    ["spec.template.spec.containers.resources.requests.cpu", true],
    ["spec.resources.limits.memory", true],
    ["spec.hard.requests\\.cpu", true],
    ["spec.limits.max.cpu", true],
    ["spec.capacity.storage", true],
    ["spec.template.spec.volumes.emptyDir.sizeLimit", true],
    ["spec.metrics.resource.target.averageValue", true],
    ["spec.metrics.external.target.value", true],
    ["spec.template.spec.containers.env.valueFrom.resourceFieldRef.divisor", true],
    ["spec.template.spec.containers.env.value", false],
    ["spec.template.spec.containers.args", false],
    ["data.limits.cpu", false],
    ["stringData.requests.cpu", false],
    ["metadata.annotations.capacity.x", false],
    ["spec.version", false],
  ];
  for (const [path, holds] of places) {
    it(`${holds ? "are" : "are not"} at ${path}`, () => {
      const keys = path.split(/(?<!\\)\./).map((key) => key.replaceAll("\\.", "."));
      assert.equal(isQuantityAt(keys), holds);
    });
  }
});
