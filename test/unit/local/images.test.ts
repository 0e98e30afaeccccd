import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { images, imageNamed, imageReference } from "../../../versions/images";
import { catalogue } from "../../../local/images/catalogue";
import { appImage } from "../../../local/images/catalogue/apps";
import { appPrograms, replacedWorkers } from "../../../local/images/catalogue/workers";
import { prepareImages } from "../../../local/images";
import { neededImages } from "../../../local/images/needed";
import { resolveImage } from "../../../local/images/registry";
import { toolFolder, toolsFor } from "../../../local/toolchain/install";
import { workersOf } from "../../../local/machines/stack";
import { kubernetesObjects } from "../../../render/objects";
import { freePort } from "../../support/backup";
import { stackRecording } from "../../support/stacks";

describe("assembled images", () => {
  it("know a pinned image by its reference, with a mirror or without", () => {
    assert.equal(imageNamed(imageReference(images.kafka)), "kafka");
    assert.equal(
      imageNamed(imageReference(images.kafka, { mirror: "mirror.example.com" })),
      "kafka",
    );
    const tag = imageReference(images.kafka, { digests: "ignored" });
    assert.equal(tag, "docker.io/apache/kafka:4.3.1");
    assert.equal(imageNamed(tag), "kafka");
    assert.equal(imageNamed("docker.io/apache/kafka:0.1"), undefined);
  });

  it("do not replace an image that a pod names by digest", async () => {
    const reference = imageReference(images.kafka);
    const { index, missing } = await prepareImages(
      { platform: [reference], apps: {} },
      () => undefined,
    );
    assert.equal(index.exact[reference], undefined);
    assert.match(missing[reference] ?? "", /set platform:images.digests to ignored/);
  });

  it("contain programs that are set up for real nodes, except KEDA's, which take long to build", () => {
    const present = new Set(toolsFor("machines").map(toolFolder));
    const absent = Object.entries(catalogue).filter(([, { layers }]) =>
      layers.some(({ key }) => {
        const [kind, folder = ""] = JSON.parse(key) as string[];
        return kind === "program" && !present.has(folder);
      }),
    );
    assert.deepEqual(
      absent.map(([name]) => name),
      ["kedaOperator", "kedaMetrics", "kedaWebhooks"],
    );
  });

  it("have the volumes of Kafka's image, which hide data that a pod stores above them", () => {
    assert.ok(catalogue.kafka?.facts.volumes.includes("/var/lib/kafka/data"));
  });

  it("are found by reference, an app's by any tag", () => {
    const index = {
      exact: { "docker.io/a/b:1": "sha256:1" },
      apps: { "reg.test/shop": "sha256:2" },
    };
    assert.equal(resolveImage(index, "docker.io/a/b", "1"), "sha256:1");
    assert.equal(resolveImage(index, "docker.io/a/b", "2"), undefined);
    assert.equal(resolveImage(index, "reg.test/shop", "1.5.0"), "sha256:2");
  });

  it("are also looked for in init containers and CronJobs", () => {
    const pod = (...names: string[]) => ({
      containers: names.map((image) => ({ image })),
    });
    const { platform, apps } = neededImages(
      [
        {
          kind: "Deployment",
          spec: { template: { spec: { ...pod("b:1"), initContainers: [{ image: "a:1" }] } } },
        },
        {
          kind: "CronJob",
          spec: { jobTemplate: { spec: { template: { spec: pod("c:1", "reg/shop:2") } } } },
        },
        { kind: "ConfigMap" },
      ],
      { shop: { image: "reg/shop", preset: "node" } },
    );
    assert.deepEqual(platform, ["a:1", "b:1", "c:1"]);
    assert.deepEqual(apps, { "reg/shop": { preset: "node", programs: [] } });
  });

  it("have the preset of an app that shares its image with a worker", () => {
    const image = "reg/shop";
    const { apps } = neededImages([], { shop: { image, preset: "php-fpm" }, mailer: { image } });
    assert.deepEqual(apps, { [image]: { preset: "php-fpm", programs: [] } });
  });

  it("listen where an app's pods are reached, also if the app shares its image with a worker", () => {
    const image = "reg/stock";
    const stock = { image, port: 9090, protocol: "h2c" } as const;
    const { apps } = neededImages([], { stock, indexer: { image } });
    const { facts } = appImage(apps[image] ?? assert.fail("no image"));
    assert.deepEqual(
      [facts.environment?.["PORT"], facts.environment?.["PROTOCOL"]],
      ["9090", "h2c"],
    );
    const usual = appImage({ programs: [] }).facts.environment;
    assert.deepEqual([usual?.["PORT"], usual?.["PROTOCOL"]], ["8080", "http"]);
  });

  it("keep the pods of workers that no program replaces simulated", async () => {
    const { registrations } = await stackRecording("dev");
    const objects = kubernetesObjects(registrations);
    const mailer = { namespace: "commerce-dev", pods: "mailer-" };
    const indexer = { namespace: "content-dev", pods: "indexer-" };
    assert.deepEqual(workersOf(objects, new Set()), [mailer, indexer]);
    assert.deepEqual(workersOf(objects, new Set(["mailer"])), [indexer]);
  });

  it("replace a worker with a program that keeps running, serves its metrics, and ends when asked to", async () => {
    const image = "reg/shop";
    const mailer = { kind: "worker", image, command: ["/app/shop", "send-mails"] };
    const { apps } = neededImages([], {
      shop: { image },
      mailer: { ...mailer, metrics: { port: 1 } },
    });
    const app = apps[image] ?? assert.fail("no image");
    assert.deepEqual(replacedWorkers(app), [
      { name: "mailer", command: mailer.command, metricsPort: 1 },
    ]);
    assert.deepEqual(replacedWorkers({ ...app, preset: "php-fpm" }), []);
    const folder = mkdtempSync(join(tmpdir(), "worker-"));
    try {
      const shop = join(folder, "shop");
      const command = [shop, "send-mails"];
      const port = await freePort();
      const texts = appPrograms([shop], [{ name: "mailer", command, metricsPort: port }]);
      writeFileSync(join(folder, "worker.mjs"), texts["/app/worker.mjs"] ?? "");
      const text = (texts[shop] ?? "").replace("/app/worker.mjs", join(folder, "worker.mjs"));
      writeFileSync(shop, text, { mode: 0o755 });
      assert.equal(spawnSync(shop, ["migrate"], { encoding: "utf8" }).stdout, `${shop} migrate\n`);
      const child = spawn(shop, ["send-mails"], { stdio: "ignore" });
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
      try {
        let metrics = "";
        for (let tries = 0; tries < 100 && metrics === ""; tries++) {
          await sleep(50);
          const answer = fetch(`http://127.0.0.1:${port}/metrics`);
          metrics = await answer.then((it) => it.text()).catch(() => "");
        }
        assert.match(metrics, /^worker_done_total \d+$/m);
      } finally {
        child.kill("SIGTERM");
      }
      assert.equal(await ended, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("contain the programs that an app's pods start by their paths", () => {
    const migrate = { image: "reg/shop:2", command: ["/app/shop", "migrate"] };
    const { apps } = neededImages(
      [
        { kind: "Job", spec: { template: { spec: { containers: [migrate] } } } },
        {
          kind: "Deployment",
          spec: {
            template: { spec: { containers: [{ image: "reg/shop:1", command: ["node"] }] } },
          },
        },
      ],
      { shop: { image: "reg/shop" } },
    );
    assert.deepEqual(apps["reg/shop"]?.programs, ["/app/shop"]);
    const { layers } = appImage({ programs: ["/app/shop"] });
    assert.match(layers.at(-1)?.key ?? "", /"\/app\/shop"/);
  });
});
