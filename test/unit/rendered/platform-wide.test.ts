import assert from "node:assert/strict";
import program from "../../../index";
import { podTemplateOf } from "../../../config/pod-template";
import { stackFileConfig } from "../../../config/stack-file";
import { containersOf, workloads, type Workload } from "../../../policy/workloads";
import { kubernetesObjects, type KubernetesObject } from "../../../render/objects";
import { record } from "../../../render/record";
import { stackNames } from "../../support/stacks";

const mirror = "mirror.test/cache";
const group = { labels: { "example.com/for": "platform" }, exclusive: true };

/** Secrets whose later changes a workload ignores: a restart would serve nothing. */
const readOnce: Record<string, string> = {
  "Deployment registry/harbor-core harbor-admin": "ignored once the administrator has a password",
  "StatefulSet logging/elasticsearch elasticsearch": "read only when it starts with empty disks",
};

/** Returns the annotations of the pods that a workload creates. */
function annotationsOf(object: KubernetesObject): Record<string, unknown> {
  const template = podTemplateOf(object) as { metadata?: { annotations?: object } } | undefined;
  return { ...template?.metadata?.annotations };
}

/** Returns the names of the Secrets that a workload's pods read, each once. */
function secretsOf(workload: Workload): string[] {
  const { volumes } = workload.pod;
  const names = [
    ...(volumes ?? []).flatMap(({ secret, projected }) => [
      secret?.secretName,
      ...(projected?.sources ?? []).map((source) => source.secret?.name),
    ]),
    ...containersOf(workload).flatMap(({ env, envFrom }) => [
      ...(env ?? []).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...(envFrom ?? []).map(({ secretRef }) => secretRef?.name),
    ]),
  ];
  return [...new Set(names.filter((name) => name !== undefined))];
}

for (const stack of stackNames) {
  describe(`settings of stack ${stack} for the whole platform`, () => {
    let objects: KubernetesObject[];
    let made: Workload[];
    /** Namespaces of teams: their apps choose their own images and node groups. */
    let teams: Set<string>;
    before(async () => {
      const config = stackFileConfig(stack);
      const components = config["platform:components"] as Record<string, object>;
      const { registrations } = await record(program, stack, {
        ...config,
        "platform:images": { ...(config["platform:images"] as object), mirror },
        "platform:nodeGroups": { infra: group },
        "platform:components": {
          ...components,
          placement: { ...components["placement"], nodeGroup: "infra" },
        },
      });
      objects = kubernetesObjects(registrations);
      const { tenancy } = components as { tenancy?: { teams?: Record<string, object> } };
      teams = new Set(Object.keys(tenancy?.teams ?? {}));
      made = workloads(objects).filter(
        ({ object }) => ![...teams].some((team) => object.metadata.namespace?.startsWith(team)),
      );
      assert.ok(made.length > 30, String(made.length));
    });

    it("the mirror contains every image of every part", () => {
      const images = made.flatMap((workload) =>
        containersOf(workload).map(({ image }) => `${workload.title}: ${image}`),
      );
      assert.deepEqual(
        images.filter((each) => !each.includes(`: ${mirror}/`)),
        [],
      );
    });

    it("the node group runs every part, including the controllers of storage", () => {
      const outside = made
        // DaemonSets run on every node.
        .filter(({ object }) => object.kind !== "DaemonSet")
        .filter(
          ({ pod }) =>
            pod.nodeSelector?.["example.com/for"] !== "platform" ||
            !pod.tolerations?.some(
              ({ key, value }) => key === "platform/exclusive" && value === "infra",
            ),
        );
      assert.deepEqual(
        outside.map(({ title }) => title),
        [],
      );
    });

    it("a workload starts again when a Secret of the program that it reads changes", () => {
      const secrets = objects.filter(({ kind }) => kind === "Secret");
      const missing = made.flatMap((workload) => {
        const { object, title } = workload;
        // Each pod of a CronJob or Job reads the Secrets again.
        if (object.kind === "CronJob" || object.kind === "Job") return [];
        const annotations = annotationsOf(object);
        return secretsOf(workload)
          .filter((name) =>
            secrets.some(
              ({ metadata }) =>
                metadata.name === name && metadata.namespace === object.metadata.namespace,
            ),
          )
          .filter((name) => annotations[`platform/checksum-${name}`] === undefined)
          .map((name) => `${title} ${name}`);
      });
      assert.deepEqual(missing.sort(), Object.keys(readOnce).sort());
    });
  });
}
