import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { DoctorApi } from "../../../cli/doctor/api";
import { exitCodeOf, type Finding } from "../../../cli/doctor/finding";
import type { Cluster } from "../../../local/cluster";
import { ChartStack } from "../../support/chart-stack";
import {
  claims,
  components,
  daemonSet,
  deployment,
  gatewayDefinition,
  namespace,
  object,
  DoctorFixture,
  assertFinding,
} from "../../support/doctor";
import { describeNodeChecks } from "../../support/doctor-nodes";
import { kubectl } from "../../support/rendered";
import { probesPolicies } from "./doctor-probe";

/** Declares the tests of the doctor, on a cluster with two nodes and no stack. */
export function examinesClusters(current: () => Cluster): void {
  describe("the doctor", () => {
    let cluster: Cluster;
    let fixture: DoctorFixture;
    before(async () => {
      cluster = current();
      fixture = await DoctorFixture.of(cluster);
    });
    after(() => fixture?.api.close());

    it("finds nothing wrong with a cluster that has everything", async () => {
      const found = await fixture.look([namespace, deployment("1", 2)]);
      assertFinding(found, "versions", "ok", /^Kubernetes 1\.36$/);
      assertFinding(found, "clock", "ok", /agree/);
      assertFinding(found, "capacity", "ok", /cpu 2, memory 2048Mi fit/);
      assertFinding(found, "nodes", "ok", /2 nodes/);
      assertFinding(found, "rights", "ok", /everything/);
      assertFinding(found, "DNS cache", "ok", /no NodeLocal/);
      assertFinding(found, "definitions", "ok", /free/);
      assertFinding(found, "namespaces", "ok", /free/);
    });

    describeNodeChecks(() => ({ cluster, fixture }));

    it("reports a clock that is ahead or behind", async () => {
      const at = (seconds: number) => () => new Date(Date.now() + seconds * 1000);
      assertFinding(
        await fixture.look([], { now: at(60) }),
        "clock",
        "warning",
        /\d+ s ahead of the API server/,
      );
      assertFinding(
        await fixture.look([], { now: at(-600) }),
        "clock",
        "missing",
        /\d+ s behind the API server/,
      );
    });

    it("reports missing classes, classes without a driver, and a missing default", async () => {
      await kubectl(cluster, "delete", "storageclass", "--all"); // The simulated drivers' own.
      const found = await fixture.look([claims("fast", undefined)]);
      assertFinding(found, "storage", "missing", /no StorageClass fast/);
      assertFinding(found, "storage", "missing", /no default one/);
      await fixture.apply(
        object("StorageClass", "storage.k8s.io/v1", {
          metadata: { name: "slow" },
          provisioner: "csi.example.com",
        }),
      );
      assertFinding(
        await fixture.look([claims("slow")]),
        "storage",
        "missing",
        /slow has no driver csi\.example\.com/,
      );
      await fixture.apply(
        object("CSIDriver", "storage.k8s.io/v1", {
          metadata: { name: "csi.example.com" },
          spec: {},
        }),
      );
      assertFinding(await fixture.look([claims("slow")]), "storage", "ok", /1 claims/);
    });

    it("reports whether policies are enforced, by the plugin", async () => {
      assertFinding(await fixture.look(), "network policies", "unknown", /no network plugin/);
      await fixture.apply(daemonSet("kube-flannel-ds"));
      assertFinding(
        await fixture.look(),
        "network policies",
        "missing",
        /kube-flannel-ds does not/,
      );
      await fixture.apply(daemonSet("calico-node"));
      assertFinding(await fixture.look(), "network policies", "ok", /calico-node enforces/);
    });

    it("reports a DNS cache that no policy allows", async () => {
      await fixture.apply(daemonSet("node-local-dns", ["-localip", "169.254.25.10,10.96.0.10"]));
      assertFinding(await fixture.look(), "DNS cache", "missing", /listens on 169\.254\.25\.10/);
      const tenancy = { teams: {}, dnsServers: ["169.254.25.10/32"] };
      assertFinding(
        await fixture.look([], { components: { ...components, tenancy } }),
        "DNS cache",
        "ok",
        /is open/,
      );
    });

    it("reports a control plane whose metrics cannot be reached", async () => {
      assertFinding(
        await fixture.look(),
        "control plane metrics",
        "missing",
        /no pods of etcd in kube-system/,
      );
      const part = (component: string, flag: string) =>
        object("Pod", "v1", {
          metadata: { name: component, namespace: "kube-system", labels: { component } },
          spec: { containers: [{ name: "a", image: "example.com/a:1", command: ["a", flag] }] },
        });
      await fixture.apply(
        part("etcd", "--listen-metrics-urls=http://127.0.0.1:2381"),
        part("kube-scheduler", "--bind-address=0.0.0.0"),
        part("kube-controller-manager", "--bind-address=127.0.0.1"),
        object("ConfigMap", "v1", {
          metadata: { name: "kube-proxy", namespace: "kube-system" },
          data: { "config.conf": 'kind: KubeProxyConfiguration\nmetricsBindAddress: ""\n' },
        }),
      );
      const found = await fixture.look();
      assertFinding(found, "control plane metrics", "missing", /etcd serves .* \(etcd\)/);
      assertFinding(found, "control plane metrics", "missing", /controllerManager serves/);
      assertFinding(found, "control plane metrics", "missing", /kube-proxy serves/);
      assert.ok(!found.some(({ text }) => text.startsWith("scheduler")));
    });

    it("reports definitions, namespaces, ranges and quotas of another owner", async () => {
      const definition = gatewayDefinition;
      const range = object("LimitRange", "v1", { spec: { limits: [{ type: "Container" }] } });
      await fixture.apply(namespace, definition, range);
      const odd = object("Odd", "odd.example.com/v1", {});
      const found = await fixture.look([namespace, definition, odd]);
      assertFinding(
        found,
        "definitions",
        "missing",
        /gateway\.networking\.k8s\.io v1\.2\.0 belong to kubectl/,
      );
      assertFinding(found, "definitions", "missing", /no Odd of odd\.example\.com\/v1/);
      assertFinding(found, "namespaces", "warning", /doctor-shop/);
      assertFinding(
        found,
        "limit ranges and quotas",
        "warning",
        /LimitRange of another owner: doctor-shop\/shop/,
      );
      assert.ok(
        !(await fixture.look([namespace, range])).some(({ text }) => text.startsWith("LimitRange")),
      );
    });

    it("reports missing rights, and continues without those to read", async () => {
      const text = parse(readFileSync(cluster.kubeconfig, "utf8")) as { users: { user: object }[] };
      for (const { user } of text.users) Object.assign(user, { as: "ann" });
      const kubeconfig = join(cluster.folder, "ann.kubeconfig");
      writeFileSync(kubeconfig, stringify(text));
      await kubectl(
        cluster,
        "create",
        "clusterrole",
        "ann",
        "--verb=get,create,patch",
        "--resource=deployments",
      );
      await kubectl(
        cluster,
        "create",
        "rolebinding",
        "ann",
        "--clusterrole=ann",
        "--user=ann",
        "-n",
        "doctor-shop",
      );
      const of = await DoctorApi.of({ kubeconfig, context: cluster.context });
      try {
        const found = await fixture.look([namespace, deployment("1", 1)], { of });
        assertFinding(
          found,
          "rights",
          "missing",
          /may not .*delete deployments\.apps in doctor-shop/,
        );
        assert.ok(!found.some(({ text: it }) => /patch deployments/.test(it)));
        assertFinding(found, "capacity", "unknown", /403 to GET \/api\/v1\/\w+.*cannot list/);
      } finally {
        of.close();
      }
    });

    probesPolicies(() => ({ cluster, fixture }));

    it("is a command with a table, JSON, and an exit code", async () => {
      const stack = new ChartStack("doctor", cluster);
      try {
        const line = `node bin/bundle.cjs cli/doctor/index.ts $STACK --config-dir ${stack.folder}`;
        const table = await stack.shell(line);
        assert.equal(table.code, 1, table.output);
        assert.match(table.output, /^missing +DNS cache +NodeLocal/m);
        assert.match(table.output, /^ +→ add 169\.254\.25\.10\/32 to platform:components/m);
        assert.match(table.output, /The cluster of stack doctor: \d+ missing, \d+ warning/);
        const { output } = await stack.shell(`${line} --json`);
        const { findings } = JSON.parse(output.slice(output.indexOf("{"))) as {
          findings: Finding[];
        };
        assert.equal(exitCodeOf(findings), 1);
      } finally {
        stack.remove();
      }
    });
  });
}
