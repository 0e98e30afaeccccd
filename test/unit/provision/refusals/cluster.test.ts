import assert from "node:assert/strict";
import { parseCluster, readCluster } from "../../../../provision";
import type { ClusterFile } from "../../../../provision/schema";
import { errorsAfter, errorsOf, machines } from "./errors";
import { refusals } from "./cases";

describe("the file of a cluster", () => {
  it("of the example is valid, and matches its stack", () => {
    const cluster: ClusterFile = readCluster("prod");
    assert.deepEqual(cluster.stacks, ["prod"]);
  });

  for (const [name, change, error] of refusals) {
    it(`is refused with ${name}`, () => assert.deepEqual(errorsAfter(change), [error]));
  }

  it("is refused with all of its errors at once", () => {
    const errors = errorsAfter((it) => {
      it["network"]!["pods"] = "10.20.0.0/16";
      machines(it)["worker-1"]!["address"] = "10.99.0.1";
      delete machines(it)["control-1"];
      it["sysctls"] = { "kernel.panic": 0 };
    });
    assert.deepEqual(
      errors.map((text) => text.split(":")[0]),
      ["network.pods", "machines.worker-1.address", "machines", 'sysctls["kernel.panic"]'],
    );
  });

  it("is refused if it is not a mapping, and if it is missing", () => {
    assert.deepEqual(
      errorsOf(() => parseCluster("prod", [])),
      ["the file: expected a mapping, got []"],
    );
    assert.throws(() => readCluster("prd"), /expected the name of a cluster, got "prd": prod$/);
    assert.throws(() => readCluster("../prod"), /expected the name of a cluster/);
  });
});
