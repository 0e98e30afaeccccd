import { Logging, type LoggingArgs } from "../../../../components/logging";
import type { PodSpec } from "../../../support/workloads";
import { at, declare, type Declared } from "../../../support/declare";
import { smallLogging } from "../../../support/logging";

export const small = smallLogging;

type Config = Partial<LoggingArgs["config"]>;

export const large: Config = {
  load: { ...small.config.load, linesPerDay: 600_000_000 },
  highlyAvailable: true,
  kafka: { security: "sasl-tls" },
};

export function logging(
  config: Config = {},
  facts: Partial<Omit<LoggingArgs, "config">> = {},
): Promise<Declared> {
  return declare((provider) => {
    const args = { ...small, ...facts, config: { ...small.config, ...config } };
    new Logging("logging", args, { provider });
  });
}

export const pod = (declared: Declared, kind: string, name: string) =>
  at(declared.object(kind, name), "spec.template.spec") as PodSpec;

/** Returns a file of the ConfigMap that a part's pods mount. */
export function file(declared: Declared, base: string, key: string): string {
  const found = declared.objects.find(
    ({ kind, metadata }) =>
      kind === "ConfigMap" && new RegExp(`^${base}-[0-9a-f]{10}$`).test(metadata.name),
  );
  return String(at(found ?? {}, "data") && (found?.["data"] as Record<string, string>)[key]);
}
