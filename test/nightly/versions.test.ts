import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { ensureBinary } from "../../local/toolchain/install";
import { otherKubernetes } from "../../local/toolchain/kubernetes";
import { supportedKubernetes } from "../../versions/kubernetes";
import { TestStack } from "../support/project";
import { failureOf, kubectl, renderInto } from "../support/rendered";
import { stackNames } from "../support/stacks";

/** Kinds that others depend on. */
const first = /^cluster\.(namespace|customresourcedefinition)\./;

/** The control planes are real, and built in the first night; nodes and pods are simulated. */
for (const version of otherKubernetes) {
  const minor = version.split(".").slice(0, 2).join(".");
  const name = `kubernetes-${minor.replace(".", "-")}`;

  describe(`stacks on Kubernetes ${version}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "versions-"));
    let cluster: Cluster;
    let stack: TestStack;
    before(async () => {
      await ensureBinary("kube-apiserver", version);
      cluster = await startCluster({ name, kubernetes: version });
      stack = new TestStack(name, cluster);
      stack.keepParts("placement", "tenancy", "gateway");
      stack.edit((config) => {
        const { "platform:cluster": address } = config as { "platform:cluster": object };
        config["platform:cluster"] = { ...address, version: minor };
        config["platform:releases"] = { forcedCanary: true, soak: "0s", checkRequired: false };
      });
      await stack.create();
    });
    after(async () => {
      await stopCluster(name);
      stack?.remove();
      rmSync(folder, { recursive: true });
    });

    it("run on the first or last supported version, as the cluster reports", async () => {
      assert.ok([supportedKubernetes[0], supportedKubernetes.at(-1)].some((it) => it === minor));
      const answer = JSON.parse(await stack.kubectl("get", "--raw", "/version")) as object;
      assert.equal((answer as { gitVersion: string }).gitVersion, `v${version}`);
    });

    it("are deployed, get a canary and promote it", async () => {
      await stack.must("up");
      await stack.must("up", "--expect-no-changes");
      const canary = (fields: object, without: string[] = []) =>
        stack.editApp("shop", (shop) => {
          for (const key of without) delete shop[key];
          Object.assign(shop, fields);
        });
      canary({ canary: { version: "1.5.0", weight: 50 } });
      assert.match(await stack.must("up"), /HTTPRoute shop updated/);
      canary({ stable: { version: "1.5.0" } }, ["canary"]);
      assert.match(await stack.must("up"), /promote 1\.5\.0/);
      await stack.must("refresh", "--expect-no-changes");
    });

    it("are refused before anything changes if the config states another version", async () => {
      const other = supportedKubernetes.find((it) => it !== minor);
      const former = stack.config();
      stack.edit((config) => {
        const { "platform:cluster": address } = config as { "platform:cluster": object };
        config["platform:cluster"] = { ...address, version: other };
      });
      await stack.mustFail(
        new RegExp(`platform:cluster\\.version: .* points to Kubernetes ${minor}`),
        "up",
      );
      stack.edit((config) => Object.assign(config, former));
    });

    it("leave no object after they are destroyed", async () => {
      await stack.must("destroy");
      assert.deepEqual((await stack.state()).deployment.resources ?? [], []);
    });

    for (const rendered of stackNames) {
      it(`accept every object of stack ${rendered} in a strict dry run without a warning`, async () => {
        const objects = join(folder, rendered);
        await renderInto(objects, rendered);
        const apply = (...args: string[]) =>
          kubectl(
            cluster,
            ...["apply", "--server-side", "--validate=strict", "--warnings-as-errors"],
            ...["--force-conflicts", ...args],
          );
        const files = readdirSync(objects);
        const needed = files.filter((file) => first.test(file));
        await apply(...needed.flatMap((file) => ["-f", join(objects, file)]));
        await kubectl(cluster, "wait", "--for=condition=Established", "crd", "--all");
        const output = await apply("--dry-run=server", "-f", objects);
        assert.equal(output.trim().split("\n").length, files.length);
      });
    }

    it("would detect an unknown field", async () => {
      const file = join(folder, "mistake.json");
      const spec = { ports: [{ port: 80, prot: "TCP" }] };
      const metadata = { name: "x" };
      writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "Service", metadata, spec }));
      const applied = kubectl(
        cluster,
        ...["apply", "--server-side", "--validate=strict", "--dry-run=server", "-f", file],
      );
      assert.match(await failureOf(applied), /prot/);
    });
  });
}
