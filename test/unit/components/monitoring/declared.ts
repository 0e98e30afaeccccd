import assert from "node:assert/strict";
import type { z } from "zod";
import { Monitoring, type MonitoringArgs } from "../../../../components/monitoring";
import { monitoring as schema } from "../../../../config/components/monitoring";
import type { PlatformContext } from "../../../../components/shared/context";
import { at, declare, type Declared } from "../../../support/declare";
import type { PodSpec } from "../../../support/workloads";

export type Config = z.input<typeof schema>;

type Args = Partial<Omit<MonitoringArgs, "config" | "context">> & {
  context?: Partial<PlatformContext>;
};

const known = new Map<string, Promise<Declared>>();

/** Returns what a config declares; each config is run once. */
export function monitoring(config: Config = {}, args: Args = {}): Promise<Declared> {
  const key = JSON.stringify([config, args]);
  const declared = known.get(key) ?? declaredBy(config, args);
  known.set(key, declared);
  return declared;
}

function declaredBy(config: Config, { context, ...args }: Args): Promise<Declared> {
  const section = schema.parse(config);
  return declare((provider) => {
    new Monitoring(
      "monitoring",
      {
        context: { environment: "dev", ...context },
        config: section,
        domain: "platform.test",
        scheme: "http",
        gateway: { name: "dev", namespace: "gateway" },
        owners: {},
        teamNamespaces: [],
        ...args,
      },
      { provider },
    );
  });
}

export function pod(declared: Declared, kind: string, name: string): PodSpec {
  return at(declared.object(kind, name), "spec.template.spec") as PodSpec;
}

export function container(
  declared: Declared,
  kind: string,
  name: string,
): PodSpec["containers"][number] {
  const [first] = pod(declared, kind, name).containers;
  assert.ok(first);
  return first;
}

/** Returns a file of the only ConfigMap whose name has this prefix. */
export function file(declared: Declared, configMap: string, key: string): string {
  const [name = "", ...others] = declared
    .names("ConfigMap")
    .filter((candidate) => candidate.startsWith(configMap));
  assert.deepEqual(others, []);
  const data = declared.object("ConfigMap", name)["data"] as Record<string, string>;
  assert.ok(data[key] !== undefined, `${name} has no ${key}`);
  return data[key];
}

export const many = { prometheus: { replicas: 2 }, alertmanager: { replicas: 3 } };
