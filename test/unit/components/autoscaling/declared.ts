import assert from "node:assert/strict";
import { Autoscaling, type AutoscalingArgs } from "../../../../components/autoscaling";
import { at, declare, type Declared } from "../../../support/declare";

export const metricsServer = { replicas: 2, kubeletInsecureTls: false };

export function autoscaling(
  config: AutoscalingArgs["config"],
  context: { imageSource?: { mirror: string } } = {},
): Promise<Declared> {
  return declare((provider) => {
    const all = { context: { environment: "dev", ...context }, config };
    new Autoscaling("autoscaling", all, { provider });
  });
}

interface Container {
  image: string;
  args: string[];
  env: { name: string; value?: string }[];
  ports: { name: string; containerPort: number }[];
}

export function containerOf(declared: Declared, name: string): Container {
  const path = "spec.template.spec.containers";
  const [container] = at(declared.object("Deployment", name), path) as Container[];
  assert.ok(container);
  return container;
}

export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

export function rulesOf(declared: Declared, name: string): Rule[] {
  return declared.object("ClusterRole", name)["rules"] as Rule[];
}
