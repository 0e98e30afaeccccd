import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataFolder, type Cluster } from "../../../local/cluster/paths";
import { machineCount } from "../../../local/commands/machine-count";
import { whyNoMachines } from "../../../local/machines/available";
import { nodePlaces, placesOf } from "../../../local/machines/places";

describe("the number of real nodes of a local cluster", function () {
  // The packages of the nodes' system are unpacked once per user.
  this.timeout(300_000);
  let cluster: Cluster;
  let cannot: string | undefined;
  before(async () => {
    cannot = await whyNoMachines();
  });
  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), "machine-count-"));
    cluster = { name: "some", folder, kubeconfig: join(folder, "kubeconfig"), context: "some" };
  });
  afterEach(() => rmSync(cluster.folder, { recursive: true }));

  const created = () => mkdirSync(dataFolder(cluster), { recursive: true });
  const createdWithNodes = (...names: string[]) => {
    created();
    for (const name of names) mkdirSync(nodePlaces(cluster, name).folder, { recursive: true });
    writeFileSync(placesOf(cluster).network, "{}");
  };

  it("is 1 for a new cluster where the computer can have real nodes, and otherwise 0 with the reason", async () => {
    const expected = cannot === undefined ? { count: 1 } : { count: 0, reason: cannot };
    assert.deepEqual(await machineCount(cluster, undefined), expected);
    assert.deepEqual(
      await machineCount(cluster, "2"),
      cannot === undefined ? { count: 2 } : expected,
    );
  });

  it("is 0 if that is asked for", async () => {
    assert.deepEqual(await machineCount(cluster, "0"), { count: 0, reason: "--machines is 0" });
    created();
    assert.deepEqual(await machineCount(cluster, "0"), { count: 0, reason: "--machines is 0" });
  });

  it("stays 0 for a cluster without real nodes, which is told with what to do", async function () {
    if (cannot !== undefined) this.skip();
    created();
    assert.deepEqual(await machineCount(cluster, undefined), {
      count: 0,
      reason:
        'cluster "some" was created without real nodes; to have one, run npx platform local down, then npm run local',
    });
    await assert.rejects(machineCount(cluster, "1"), /"some" was created without real nodes/);
  });

  it("stays as it is for a cluster with real nodes", async function () {
    if (cannot !== undefined) this.skip();
    createdWithNodes("machine-0", "machine-1");
    assert.deepEqual(await machineCount(cluster, undefined), { count: 2 });
    assert.deepEqual(await machineCount(cluster, "3"), { count: 3 });
  });

  it("cannot become 0 for a cluster with real nodes, whose pods are on them", async () => {
    createdWithNodes("machine-0");
    await assert.rejects(machineCount(cluster, "0"), {
      message:
        '--machines: expected 1 or more, as cluster "some" has real nodes with pods on them, got 0; ' +
        "to simulate every pod, run npx platform local down first",
    });
  });

  for (const value of ["4", "-1", "one", ""]) {
    it(`is not "${value}"`, async () => {
      await assert.rejects(machineCount(cluster, value), {
        message: `--machines: expected a number from 0 to 3, got ${value}`,
      });
    });
  }
});
