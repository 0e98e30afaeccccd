import type { ParsedSections } from "./sections";
import { show, type ConfigError } from "../errors";

const root = "platform:components.ci";

/** What Jenkins in the cluster cannot do without. */
export function ciChecks({ components }: ParsedSections): ConfigError[] {
  const ci = components?.ci;
  if (ci === undefined || ci.external !== undefined) return [];
  const errors: ConfigError[] = [];
  if (ci.repository === undefined) {
    errors.push({
      key: `${root}.repository`,
      message: "missing; Jenkins in the cluster takes its pipelines from this program's repository",
    });
  }
  if (Object.keys(ci.stacks).length === 0) {
    errors.push({
      key: `${root}.stacks`,
      message: "missing; at least one environment with its stack is required",
    });
  }
  if (ci.login.type === "local" && ci.administrators.length > 0) {
    errors.push({
      key: `${root}.administrators`,
      message: `${show(ci.administrators)} is given, but a local login knows no groups; allowed is none, or another platform:components.ci.login`,
    });
  }
  return errors;
}
