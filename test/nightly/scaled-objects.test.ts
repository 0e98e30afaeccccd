import assert from "node:assert/strict";
import { stackFileConfig } from "../../config/stack-file";
import { ensureBinary } from "../../local/toolchain/install";
import { OpenLoad } from "../e2e/support/open-load";
import { RealStack, isReady } from "../machines/support/stack";
import { until } from "../support/until";
import { kubectl } from "../support/rendered";

const parts = ["placement", "tenancy", "gateway", "monitoring", "autoscaling"];
const host = "busy.dev.platform.test";
const release = "busy-1-0-0";
const inTeam = ["-n", "content-dev"];

/** Requests per second: enough for one pod, and too many for one. */
const [few, many] = [2, 60];

/** Seconds for one decision: requests are counted over two minutes, and metrics are read every 30 s. */
const timeoutSeconds = 480;

function change(config: Record<string, unknown>): void {
  const components = config["platform:components"] as Record<string, object>;
  const { autoscaling } = stackFileConfig("prod")["platform:components"] as {
    autoscaling: { keda: { crds: object } };
  };
  components["autoscaling"] = {
    metricsServer: { kubeletInsecureTls: true },
    keda: { crds: autoscaling.keda.crds },
  };
  config["platform:apps"] = {
    busy: {
      team: "content",
      domain: host,
      image: `harbor.dev.platform.test/${host}/busy`,
      preset: "node",
      // By CPU alone it would stay at one pod.
      scaling: {
        min: 1,
        max: 3,
        cpu: 100,
        requestsPerSecond: 10,
        down: { after: "15s", every: "15s" },
      },
      resources: {
        requests: { cpu: "50m", memory: "64Mi" },
        limits: { cpu: "1", memory: "256Mi" },
      },
      stable: { version: "1.0.0" },
    },
  };
}

/**
 * The platform's own KEDA in its pods, its ScaledObject of an app, Prometheus, Traefik and metrics-server, on a real node.
 * It is a nightly test because KEDA contains the libraries of all clouds, which take 10 minutes to build.
 */
describe("an app that KEDA scales by its requests, on a real node", () => {
  let real: RealStack;

  before(async function () {
    this.timeout(3_000_000);
    await ensureBinary("keda-operator");
    real = await RealStack.start("scaled-objects", parts, change);
  });
  after(() => real?.stop());

  const pods = async () => {
    const all = await real.pods();
    return all.filter((pod) => pod.metadata.name.startsWith(release) && isReady(pod)).length;
  };
  const reaches = async (what: string, enough: (count: number) => boolean) => {
    await until(what, timeoutSeconds, async () => enough(await pods())).catch(
      async (error: unknown) => {
        const hpa = `keda-hpa-${release}`;
        const seen = [
          await kubectl(real.cluster, "describe", "scaledobject", release, ...inTeam),
          await kubectl(real.cluster, "describe", "hpa", hpa, ...inTeam),
        ];
        throw new Error(seen.join("\n"), { cause: error });
      },
    );
  };

  it("runs KEDA's three programs, which accept the app's ScaledObject", async () => {
    await until("every pod is ready", 180, async () => (await real.pods()).every(isReady));
    const names = (await real.pods()).map(({ metadata }) => metadata.name).join(" ");
    for (const name of ["keda-operator", "keda-metrics-apiserver", "keda-admission-webhooks"]) {
      assert.match(names, new RegExp(`\\b${name}-`));
    }
    const path = `jsonpath={.status.conditions[?(@.type=="Ready")].status}`;
    await until("the ScaledObject is ready", 120, async () => {
      const status = await kubectl(
        real.cluster,
        "get",
        "scaledobject",
        release,
        ...inTeam,
        "-o",
        path,
      );
      return status === "True";
    });
  });

  it("adds pods by the requests that arrive and removes them afterwards, without a failed request", async () => {
    const load = new OpenLoad({ address: real.addressOf("machine-0"), port: 30080, host }, few);
    try {
      await until("the gateway has the route", 30, () => Promise.resolve(load.answers.total > 20));
      assert.equal(await pods(), 1);
      load.reset();
      load.rate = many;
      const began = Date.now();
      await reaches("there are three pods", (count) => count === 3);
      const up = Date.now();
      load.rate = few;
      await reaches("there is one pod again", (count) => count === 1);
      const down = Date.now();
      const { failed, total } = await load.stop();
      const seconds = (from: number, to: number) => Math.round((to - from) / 1000);
      console.log(
        `      three pods after ${seconds(began, up)} s, one after ${seconds(up, down)} s; ${total} requests`,
      );
      assert.deepEqual(failed.slice(0, 5), []);
    } finally {
      await load.stop();
    }
  });
});
