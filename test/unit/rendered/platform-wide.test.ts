import assert from "node:assert/strict";
import program from "../../../index";
import { podTemplateOf } from "../../../config/pod-template";
import { stackFileConfig } from "../../../config/stack-file";
import { containersOf, workloads, type Workload } from "../../../policy/workloads";
import { kubernetesObjects, type KubernetesObject } from "../../../render/objects";
import { record } from "../../../render/record";
import { secretReads } from "../../support/secret-reads";
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

for (const stack of stackNames) {
  describe(`settings of stack ${stack} for the whole platform`, () => {
    let objects: KubernetesObject[];
    let made: Workload[];
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
      // Apps in the namespaces of teams choose their own images and node groups.
      const teams = Object.keys(tenancy?.teams ?? {});
      made = workloads(objects).filter(
        ({ object }) => !teams.some((team) => object.metadata.namespace?.startsWith(team)),
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
      const declared = new Set(
        objects
          .filter(({ kind }) => kind === "Secret")
          .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
      );
      const missing = made.flatMap((workload) => {
        const { object, title } = workload;
        // Each pod of a CronJob or Job reads the Secrets again.
        if (object.kind === "CronJob" || object.kind === "Job") return [];
        const annotations = annotationsOf(object);
        return [...new Set(secretReads(workload).map(({ name }) => name))]
          .filter((name) => declared.has(`${object.metadata.namespace}/${name}`))
          .filter((name) => annotations[`platform/checksum-${name}`] === undefined)
          .map((name) => `${title} ${name}`);
      });
      assert.deepEqual(missing.sort(), Object.keys(readOnce).sort());
    });
  });
}
