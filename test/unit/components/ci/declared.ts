import assert from "node:assert/strict";
import type * as k8s from "@pulumi/kubernetes";
import { Jenkins, type JenkinsArgs } from "../../../../components/ci";
import { parseStack, type CiConfig } from "../../../../config";
import type { KubernetesObject } from "../../../../render/objects";
import { at, declare, type Declared } from "../../../support/declare";
import { pipelineSettings, shopPipeline } from "../../../support/pipelines";

export const url = pipelineSettings.repository.url;

/** Returns a complete config with the fields under test. */
function config(ci: Record<string, unknown>): CiConfig {
  const { components } = parseStack("test", {
    environment: "dev",
    domain: "dev.platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    components: { ci },
  });
  assert.ok(components.ci);
  return components.ci;
}

export async function jenkins(
  ci: Record<string, unknown> = {},
  args: Partial<JenkinsArgs> = {},
): Promise<Declared & { address: string }> {
  let address = "";
  const declared = await declare((provider) => {
    ({ address } = new Jenkins(
      "ci",
      {
        context: { environment: "dev" },
        domain: "dev.platform.test",
        scheme: "https",
        gateway: { name: "dev", namespace: "gateway" },
        apps: { shop: shopPipeline },
        teams: { commerce: { view: [], build: ["commerce"] } },
        config: config({
          registry: "harbor.test",
          repository: { url, secret: "jenkins-git" },
          stacks: { dev: { stack: "dev" } },
          ...ci,
        }),
        ...args,
      },
      { provider },
    ));
  });
  return { ...declared, address };
}

type Pod = k8s.types.output.core.v1.PodSpec;

export function podOf(object: KubernetesObject): Pod {
  const template = object.kind === "CronJob" ? "spec.jobTemplate.spec.template" : "spec.template";
  return at(object, `${template}.spec`) as Pod;
}

export function containerOf(object: KubernetesObject, name: string): Pod["containers"][number] {
  const pod = podOf(object);
  const found = [...pod.containers, ...(pod.initContainers ?? [])].find(
    (container) => container.name === name,
  );
  assert.ok(found, `no container ${name}`);
  return found;
}

/** Returns the ConfigMap whose name has this prefix. */
export function configMap({ objects }: Declared, start: string): KubernetesObject {
  const found = objects.filter(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name.startsWith(start),
  );
  assert.equal(found.length, 1);
  return found[0] as KubernetesObject;
}
