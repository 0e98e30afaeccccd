import assert from "node:assert/strict";
import { get } from "node:http";
import { presetNames } from "../../versions/app-runtimes";
import { nodeAddresses, presentNetwork } from "../../local/machines/network";
import { call } from "../e2e/support/rpc";
import { alerts } from "./cases/alerts";
import { connections } from "./cases/connections";
import { faults } from "./cases/faults";
import { addWriter, lines } from "./cases/lines";
import { kafkaClient, logs } from "./cases/logs";
import { placement } from "./cases/placement";
import { releases } from "./cases/releases";
import { isReady, RealStack } from "./support/stack";
import { until } from "../support/until";

/** Parts whose systems run here; those that are simulated only cost time. */
const parts = ["placement", "tenancy", "gateway", "logging", "monitoring", "tracing"];

const domain = (app: string) => `${app}.dev.platform.test`;

describe("the dev stack on a real node", () => {
  let real: RealStack;
  let address = "";

  before(async () => {
    real = await RealStack.start("real", parts, (config) => {
      addWriter(config);
      const apps = config["platform:apps"] as Record<string, object>;
      for (const preset of presetNames) {
        apps[preset] = {
          team: "content",
          domain: domain(preset),
          image: `harbor.dev.platform.test/${domain(preset)}/${preset}`,
          preset,
          scaling: { min: 1, max: 2 },
          stable: { version: "1.0.0" },
        };
      }
    });
    const network = presentNetwork(real.cluster);
    assert.ok(network);
    address = nodeAddresses(network, 0).node;
  });
  after(() => real?.stop());

  it("has every pod that can run ready", async () => {
    let waiting: string[] = [];
    await until("every pod is ready", 180, async () => {
      waiting = (await real.pods())
        .filter((pod) => !isReady(pod))
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
      return waiting.length === 0;
    }).catch((error: unknown) => {
      throw new Error(`not ready: ${waiting.join(", ")}`, { cause: error });
    });
    const names = (await real.pods()).map(({ metadata }) => metadata.name).join(" ");
    for (const name of ["traefik", "prometheus", "kafka", "kube-state-metrics", "shop-1-4-2"]) {
      assert.match(names, new RegExp(`\\b${name}`));
    }
  });

  for (const preset of presetNames) {
    it(`answers requests to an app of preset ${preset} through the gateway`, async () => {
      await until("the gateway has the route", 30, async () => {
        const { status } = await request(address, domain(preset));
        return status === 200;
      });
      const { status, text } = await request(address, domain(preset));
      assert.equal(status, 200);
      const whole = preset === "static" ? /^static/ : new RegExp(`^${preset}-1-0-0-\\S+ GET /`);
      assert.match(text, whole);
    });
  }

  it("answers gRPC calls to an app of protocol h2c through the gateway", async () => {
    const path = "/shop.Stock/Count";
    const { status, body, trailers } = await call(address, 30080, domain("stock"), path);
    assert.equal(status, 200);
    assert.match(body, /^stock-0-9-[01]-\S+ POST \/shop\.Stock\/Count$/m);
    assert.equal(trailers["grpc-status"], "0");
  });

  it("splits requests between stable and canary as declared, and sends all with the header to the canary", async () => {
    const answers = [];
    for (let count = 0; count < 200; count++) answers.push(await request(address, domain("shop")));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const canary = answers.filter(({ text }) => text.startsWith("shop-1-5-0-")).length;
    assert.ok(
      canary >= 10 && canary <= 30,
      `${canary} of 200 reached the canary, 20 are its share`,
    );
    for (let count = 0; count < 20; count++) {
      const { text } = await request(address, domain("shop"), { "x-gray": "1" });
      assert.match(text, /^shop-1-5-0-/);
    }
  });

  it("keeps Kafka's messages across a restart of its container", async () => {
    const inKafka = (...command: string[]) => real.exec("logging", "kafka-0", ...command);
    const topic = ["--topic", "kept"];
    await inKafka(...kafkaClient("kafka-topics.sh", "--create", ...topic, "--partitions", "1"));
    const produce = kafkaClient("kafka-console-producer.sh", ...topic).join(" ");
    await inKafka("sh", "-c", `echo before | ${produce}`);
    await inKafka("sh", "-c", "kill 1").catch(() => "ended with its shell");
    await until("Kafka's container has started again", 120, async () => {
      const pod = (await real.pods()).find(({ metadata }) => metadata.name === "kafka-0");
      const [container] = pod?.status.containerStatuses ?? [];
      return pod !== undefined && isReady(pod) && (container?.restartCount ?? 0) > 0;
    });
    const read = kafkaClient("kafka-console-consumer.sh", ...topic, "--from-beginning");
    const text = await inKafka(...read, "--max-messages", "1", "--timeout-ms", "20000");
    assert.match(text, /^before$/m);
  });

  it("finds every scrape target of the running pods up", async () => {
    let down: string[] = [];
    await until("every target is up", 120, async () => {
      const { data } = (await real.get("prometheus-0", 9090, "/api/v1/targets")) as {
        data: { activeTargets: { health: string; scrapeUrl: string; lastError: string }[] };
      };
      const simulated = (url: string) => !/10\.7[78]\./.test(url);
      down = data.activeTargets
        .filter(({ health, scrapeUrl }) => health !== "up" && !simulated(scrapeUrl))
        .map(({ scrapeUrl, lastError }) => `${scrapeUrl}: ${lastError}`);
      return data.activeTargets.length > 0 && down.length === 0;
    }).catch((error: unknown) => {
      throw new Error(down.join("\n"), { cause: error });
    });
  });

  const target = () => ({ address, port: 30080, host: domain("shop") });
  connections(() => real);
  placement(() => real);
  logs(() => real);
  lines(() => real);
  faults(() => real, target);
  releases(() => real, target);
  alerts(() => real);
});

interface Answer {
  status: number | undefined;
  text: string;
}

function request(host: string, domain: string, headers: object = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host, port: 30080, headers: { host: domain, ...headers }, timeout: 5000 };
    get(options, (response) => {
      let text = "";
      response.on("data", (data: Buffer) => (text += data.toString()));
      response.on("end", () => resolve({ status: response.statusCode, text }));
    }).on("error", reject);
  });
}
