import assert from "node:assert/strict";
import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { ruleGroups } from "../../../components/monitoring/rules";
import { otherParts } from "../../../components/monitoring";
import { ruleArgs } from "../../../components/monitoring/monitored";
import { parseStack, teamByNamespace } from "../../../config";
import type { Cluster } from "../../../local/cluster";
import { metricsAddresses } from "../../support/control-plane";
import { metricsRows } from "../../support/metrics-table";
import type { TestStack } from "../../support/project";
import { PrometheusServer, type ScrapeTarget } from "../../support/prometheus";
import { untilEqual } from "../../support/until";

/** Timeout until every target is up and every rule was evaluated, seconds: several intervals of a busy machine. */
const timeoutSeconds = 180;

/** Timeout for the start of a process on a busy machine, seconds. */
const startTimeout = 60;

/** Jobs of the control plane. A simulated cluster has neither kubelets nor kube-proxies. */
const jobs = ["apiserver", "etcd", "controller-manager", "scheduler"];

/**
 * Job and port of pods that it must discover. Pods of node-exporter have no address here, because kwok's nodes have
 * none.
 */
const pods = [
  "kube-state-metrics 8080",
  "kube-state-metrics 8081",
  "traefik 9100",
  "platform 3000",
  "platform 9090",
  "platform 9093",
];

/** Secret with a client certificate, which the program does not create. */
const certificate = "scheduler-client";

/** Lets the monitoring of a stack read the metrics of a local control plane, by its addresses. */
export function readControlPlane(config: Record<string, unknown>, cluster: Cluster): void {
  const parts = metricsAddresses(cluster);
  const at = (part: string, more: object = {}) => {
    const found = parts[part];
    assert.ok(found, `kwok tells no address of ${part}`);
    return { addresses: [found.host], scheme: found.scheme, ...more };
  };
  const controlPlane = {
    apiserver: at("kube-apiserver"),
    etcd: at("etcd"),
    controllerManager: at("kube-controller-manager"),
    scheduler: at("kube-scheduler", {
      credentials: "none",
      tls: { secret: certificate, skipVerify: true },
    }),
    kubeProxy: { enabled: false },
    kubelet: { enabled: false },
  };
  const prometheus = { storage: "2Gi", retention: "1d", scrapeInterval: "5s" };
  const { monitoring } = config["platform:components"] as { monitoring: object };
  Object.assign(monitoring, { prometheus, controlPlane });
}

/** Declares the tests of Prometheus: it runs with the files, rules and account that the program declares. */
export function monitorsControlPlane(current: () => TestStack): void {
  describe("the real Prometheus with the files, rules and account that the program declares", () => {
    let stack: TestStack;
    let server: PrometheusServer | undefined;

    before(async () => {
      stack = current();
      const { folder, name } = stack.cluster;
      const keys = join(folder, "clusters", name, "pki");
      await stack.kubectl(
        ...["create", "secret", "generic", certificate, "-n", "monitoring"],
        `--from-file=ca.crt=${join(keys, "ca.crt")}`,
        `--from-file=tls.crt=${join(keys, "admin.crt")}`,
        `--from-file=tls.key=${join(keys, "admin.key")}`,
      );
      server = await start();
    });
    after(() => server?.stop());

    afterEach(function () {
      if (this.currentTest?.state === "failed") console.log(server?.log.slice(-20).join(""));
    });

    const state = ({ health, lastError }: ScrapeTarget) => `${health} ${lastError}`;

    async function start(): Promise<PrometheusServer> {
      const config = new KubeConfig();
      config.loadFromFile(stack.cluster.kubeconfig);
      const pod = await config
        .makeApiClient(CoreV1Api)
        .readNamespacedPod({ name: "prometheus-0", namespace: "monitoring" });
      const folder = join(stack.folder, "prometheus");
      const started = await PrometheusServer.start(config, pod, { listen: "127.0.0.1:0", folder });
      try {
        await started.ready(startTimeout);
      } catch (error) {
        await started.stop();
        throw error;
      }
      return started;
    }

    /** Polls until nothing is missing, or until the timeout. */
    async function waitUntilNothingIsLeft(
      look: (prometheus: PrometheusServer) => Promise<unknown[]>,
    ): Promise<void> {
      assert.ok(server);
      const prometheus = server;
      await untilEqual(timeoutSeconds, () => look(prometheus), []);
    }

    it("has every part of the control plane up, and scrapes each once", async () => {
      await waitUntilNothingIsLeft(async (prometheus) => {
        const targets = await prometheus.targets();
        return jobs.flatMap((job) => {
          const own = targets.filter(({ labels }) => labels["job"] === job);
          return own.length === 1 && own[0]?.health === "up" ? [] : [job, ...own.map(state)];
        });
      });
    });

    for (const { what, metrics, job } of metricsRows.filter((row) => jobs.includes(row.job))) {
      it(`answers "${what}"`, async () => {
        await waitUntilNothingIsLeft(async (prometheus) => {
          const counts = await Promise.all(
            metrics.map((metric) => prometheus.series(`${metric}{job="${job}"}`)),
          );
          return metrics.filter((_, index) => counts[index] === 0);
        });
      });
    }

    it("stores only the listed metrics of the API server", async () => {
      assert.ok(server);
      assert.equal(
        await server.series('count({job="apiserver",__name__=~"apiserver_response_.+"})'),
        0,
      );
    });

    it("has loaded every rule, and evaluates all of them without an error", async () => {
      const parsed = parseStack(stack.name, ownConfig());
      const { monitoring: config } = parsed.components;
      assert.ok(config);
      const facts = { owners: teamByNamespace(parsed), parts: otherParts(parsed.components) };
      const declared = Object.values(ruleGroups(ruleArgs({ config, ...facts }))).flat();
      await waitUntilNothingIsLeft(async (prometheus) => {
        const groups = await prometheus.rules();
        assert.deepEqual(
          groups.map(({ name: group, rules }) => [group, rules.length]).sort(),
          declared.map(({ name: group, rules }) => [group, rules.length]).sort(),
        );
        return groups
          .flatMap(({ rules }) => rules)
          .filter(({ health }) => health !== "ok")
          .map((rule) => [rule.name, rule.health, rule.lastError]);
      });
    });

    /** The stack's config as the program reads it. */
    function ownConfig(): Record<string, unknown> {
      return Object.fromEntries(
        Object.entries(stack.config()).map(([key, value]) => [key.replace("platform:", ""), value]),
      );
    }

    it("finds the exporters' and the platform's pods by its account's rights", async () => {
      await waitUntilNothingIsLeft(async (prometheus) => {
        const found = (await prometheus.targets()).map(
          ({ labels, scrapeUrl }) => `${labels["job"]} ${new URL(scrapeUrl).port}`,
        );
        return pods.filter((pod) => !found.includes(pod));
      });
    });

    it("reads the API server's metrics with exactly these rights: another account may not", async () => {
      const may = (account: string) =>
        stack.kubectl(
          ...["auth", "can-i", "get", "/metrics"],
          `--as=system:serviceaccount:monitoring:${account}`,
        );
      assert.match(await may("prometheus"), /^yes/);
      await assert.rejects(may("default"), /no/);
    });
  });
}
