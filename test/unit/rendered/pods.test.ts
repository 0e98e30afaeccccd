import assert from "node:assert/strict";
import { at } from "../../support/declare";
import { kubernetesObjects, type KubernetesObject } from "../../../render/objects";
import { stackNames, stackRecording } from "../../support/stacks";
import { workloads, type Workload } from "../../support/workloads";
import { exceptions, type PodRule } from "./exceptions";

const forbiddenImages =
  /bitnami|k8s\.gcr\.io|minio\/|ingress-nginx|^docker\.io\/(library\/)?elasticsearch/;
/** Kinds whose pods run to an end and answer no probe. */
const finite = ["Job", "CronJob"];

for (const stack of stackNames) {
  describe(`every pod of stack ${stack}`, () => {
    let objects: KubernetesObject[];
    let all: Workload[];
    before(async () => {
      objects = kubernetesObjects((await stackRecording(stack)).registrations);
      all = workloads(objects);
      assert.ok(all.length > 0, "the stack declares no workload");
    });

    rule("runs as another user than root", "runAsNonRoot", ({ pod }) => [
      [pod.securityContext.runAsNonRoot, true],
    ]);
    rule("has the seccomp profile RuntimeDefault", "seccompProfile", ({ pod }) => [
      [pod.securityContext.seccompProfile?.type, "RuntimeDefault"],
    ]);
    rule("cannot gain privileges", "allowPrivilegeEscalation", (workload) =>
      containers(workload).map((container) => [
        container.securityContext?.allowPrivilegeEscalation,
        false,
      ]),
    );
    rule("drops all capabilities", "capabilities", (workload) =>
      containers(workload).map((container) => [
        container.securityContext?.capabilities?.drop,
        ["ALL"],
      ]),
    );
    rule("is probed for liveness and readiness", "probes", ({ object, pod }) =>
      finite.includes(object.kind)
        ? []
        : pod.containers.flatMap((container) => [
            [container.livenessProbe !== undefined, true],
            [container.readinessProbe !== undefined, true],
          ]),
    );
    rule("has requests and limits of CPU and memory", undefined, (workload) =>
      containers(workload).flatMap(({ resources }) => [
        [Object.keys(resources?.requests ?? {}).sort(), ["cpu", "memory"]],
        [Object.keys(resources?.limits ?? {}).sort(), ["cpu", "memory"]],
      ]),
    );
    rule("uses pinned images of no retired source", undefined, (workload) =>
      containers(workload).flatMap(({ image }) => [
        [/(:(?!latest$)[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(image), true],
        [forbiddenImages.test(image), false],
      ]),
    );

    it("has a service-account token only with a role", () => {
      const bound = new Set(
        objects
          .filter(({ kind }) => kind === "RoleBinding" || kind === "ClusterRoleBinding")
          .flatMap((binding) => binding["subjects"] as { name: string; namespace?: string }[])
          .map(({ name, namespace }) => `${namespace ?? ""}/${name}`),
      );
      const wrong = all.filter(({ object, pod }) => {
        const account = `${object.metadata.namespace ?? ""}/${pod.serviceAccountName ?? "default"}`;
        return pod.automountServiceAccountToken !== false && !bound.has(account);
      });
      assert.deepEqual(titles(wrong), []);
    });

    it("has a disruption budget and spreads, when there may be more than one", () => {
      const budgets = objects.filter(({ kind }) => kind === "PodDisruptionBudget");
      const several = all.filter(
        ({ object }) =>
          ["Deployment", "StatefulSet"].includes(object.kind) && at(object, "spec.replicas") !== 1,
      );
      for (const { title, object, pod, labels } of several) {
        const budget = budgets.find(
          ({ metadata, ...rest }) =>
            metadata.namespace === object.metadata.namespace &&
            matches(at(rest, "spec.selector.matchLabels") as Record<string, string>, labels),
        );
        assert.ok(budget, `${title} has no disruption budget`);
        assert.ok(pod.affinity?.podAntiAffinity, `${title} has no anti-affinity`);
      }
    });

    it("selects pods of the workload itself", () => {
      const wrong = all.filter(({ object, labels }) => {
        const selector = at(object, "spec.selector.matchLabels");
        return selector !== undefined && !matches(selector as Record<string, string>, labels);
      });
      assert.deepEqual(titles(wrong), []);
    });

    function rule(
      title: string,
      name: PodRule | undefined,
      pairs: (workload: Workload) => [actual: unknown, expected: unknown][],
    ): void {
      it(title, () => {
        for (const workload of all.filter((entry) => !excepted(entry, name))) {
          for (const [actual, expected] of pairs(workload)) {
            assert.deepEqual(actual, expected, `${workload.title}: ${title}`);
          }
        }
      });
    }
  });
}

describe("the list of exceptions", () => {
  it("names only workloads that exist, each with a reason", async () => {
    const titlesOfAll = new Set<string>();
    for (const stack of stackNames) {
      const { registrations } = await stackRecording(stack);
      for (const { object } of workloads(kubernetesObjects(registrations))) {
        titlesOfAll.add(`${object.kind} ${object.metadata.name}`);
      }
    }
    for (const { workload, reason } of exceptions) {
      assert.ok(titlesOfAll.has(workload), `no stack declares ${workload}`);
      assert.ok(reason.length > 20, `the exception of ${workload} has no reason`);
    }
  });
});

function excepted({ object }: Workload, rule: PodRule | undefined): boolean {
  const key = `${object.kind} ${object.metadata.name}`;
  return exceptions.some(
    ({ workload, rules }) => workload === key && rule !== undefined && rules.includes(rule),
  );
}

function containers({ pod }: Workload): Workload["pod"]["containers"] {
  return [...pod.containers, ...(pod.initContainers ?? [])];
}

function matches(selector: Record<string, string>, labels: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function titles(list: Workload[]): string[] {
  return list.map(({ title }) => title);
}
