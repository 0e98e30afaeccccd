import assert from "node:assert/strict";
import { Registry, type RegistryArgs } from "../../../../components/registry";
import { parseStack, type HarborConfig } from "../../../../config";
import { declare, type Declared } from "../../../support/declare";
import { workloads, type PodSpec } from "../../../support/workloads";

/** Returns Harbor's config as in a stack's file. */
export function config(changed: object = {}): HarborConfig {
  const { components } = parseStack("test", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    components: { registry: changed },
  });
  assert.ok(components.registry !== undefined && components.registry.external === undefined);
  return components.registry;
}

export function registry(
  changed: object = {},
  args: Partial<RegistryArgs> = {},
): Promise<Declared & { made: Registry }> {
  const made: Registry[] = [];
  return declare((provider) => {
    made.push(
      new Registry(
        "registry",
        {
          context: { environment: "dev" },
          domain: "platform.test",
          scheme: "https",
          gateway: { name: "dev", namespace: "gateway" },
          teams: {
            commerce: { namespace: "commerce-dev", domains: ["shop.platform.test"] },
            content: { namespace: "content-dev", domains: [] },
          },
          config: config(changed),
          ...args,
        },
        { provider },
      ),
    );
  }).then((declared) => {
    const [first] = made;
    assert.ok(first);
    return { ...declared, made: first };
  });
}

export function podOf(declared: Declared, name: string): PodSpec {
  const found = workloads(declared.objects).find(({ object }) => object.metadata.name === name);
  assert.ok(found, `there is no workload ${name}`);
  return found.pod;
}

export function env(declared: Declared, name: string, container = 0): Record<string, unknown> {
  return Object.fromEntries(
    (podOf(declared, name).containers[container]?.env ?? []).map((entry) => [
      entry.name,
      entry.value ?? `${entry.valueFrom?.secretKeyRef?.name}/${entry.valueFrom?.secretKeyRef?.key}`,
    ]),
  );
}
