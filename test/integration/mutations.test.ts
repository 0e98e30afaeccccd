import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { localFolder } from "../../local/toolchain/paths";
import type { KubernetesObject } from "../../render/objects";
import { bases } from "../support/mutations/bases";
import { clashes, declareObjects, refusals } from "../support/mutations/declared";
import { long } from "../support/long";
import { DryRun } from "../support/mutations/dry-run";
import { Mutations } from "../support/mutations/mutate";
import { Random } from "../support/mutations/random";
import { Run } from "../support/mutations/run";
import { definitionsServed, kubectl } from "../support/rendered";
import { seedOf } from "../support/seed";

/** Seed of the random numbers; random by default, and given to repeat the same mutations. */
const seed = seedOf("MUTATIONS_SEED");
const count = Number(process.env.MUTATIONS ?? (long ? 10_000 : 600));

/** A controller with some containers. */
function odd(kind: string, containers: object[], more: object = {}): KubernetesObject {
  const labels = { app: "odd" };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name: "odd", namespace: "odd" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
      ...more,
    },
  };
}

describe("mutated configs", function () {
  this.timeout(count * 100 + 600_000);
  let cluster: Cluster;
  let server: DryRun;

  // Warnings about the mutated configs are not relevant here.
  const { warn } = console;
  before(() => (console.warn = () => undefined));
  after(() => (console.warn = warn));

  before(async () => {
    cluster = await startCluster({ name: "mutations", simulate: false });
    const crds = join(localFolder, "crds");
    assert.ok(existsSync(crds));
    const files = readdirSync(crds).flatMap((file) => ["-f", join(crds, file)]);
    await kubectl(cluster, "apply", "--server-side", ...files);
    await definitionsServed(cluster);
    server = await DryRun.of(cluster);
  });
  after(async () => {
    server?.close();
    await stopCluster("mutations");
  });

  for (const { name, values } of bases) {
    it(`start from one that config and the API server accept: ${name}`, async () => {
      assert.deepEqual(refusals(values), []);
      const objects = await declareObjects(values);
      for (const object of objects.filter(({ kind }) => kind === "PriorityClass")) {
        await server.create(object);
      }
      assert.deepEqual([...clashes(objects), ...(await server.refusals(objects))], []);
    });
  }

  it("would be detected: errors that only the server, a controller's pods and claims, or all objects together show", async () => {
    const namespace = (level: string) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "odd", labels: { "pod-security.kubernetes.io/enforce": level } },
    });
    const find = async (level: string, ...objects: KubernetesObject[]) =>
      (await server.refusals([namespace(level), ...objects])).join("\n");
    const container = { name: "a", image: "a/b:1" };
    assert.equal(await find("baseline", odd("Deployment", [container])), "");
    assert.match(await find("restricted", odd("Deployment", [container])), /violates PodSecurity/);
    assert.match(await find("baseline", odd("Deployment", [{ ...container, prot: 1 }])), /prot/);
    const claims = [{ metadata: { name: "data" }, spec: { accessModes: ["Odd"] } }];
    const stored = odd("StatefulSet", [container], { volumeClaimTemplates: claims });
    assert.match(
      await find("baseline", stored),
      /PersistentVolumeClaim odd\/data: 422 .*accessModes/,
    );
    const service = (name: string) => ({
      ...odd("Service", []),
      metadata: { name },
      spec: { ports: [{ nodePort: 30_001 }] },
    });
    assert.deepEqual(clashes([service("a"), service("b")]), [
      "Service b: node port 30001 is that of Service a",
    ]);
    assert.equal(clashes([service("a"), service("a")]).length, 2);
  });

  it(`are refused by config, or by nothing (MUTATIONS_SEED=${seed})`, async () => {
    const random = new Random(seed);
    const mutations = new Mutations(bases, random);
    const run = new Run(server);
    const before = server.sent;
    for (let at = 0; at < count; at += 1) await run.take(mutations.next());
    const { faults, sentences, ...numbers } = await run.finish();
    const summary = { seed, ...numbers, sent: server.sent - before, faults: faults.length };
    console.log(`      ${JSON.stringify(summary)}`);
    if (process.env.MUTATIONS_SHOW !== undefined) console.log(sentences.join("\n"));
    const shown = faults.slice(0, 40).join("\n  ");
    assert.equal(faults.length, 0, `MUTATIONS_SEED=${seed} repeats these:\n  ${shown}`);
  });
});
