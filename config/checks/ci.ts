import type { ParsedSections } from "./sections";
import { expected, show, type ConfigError } from "../errors";
import { foreignApi, foreignRepositories, repositoryHostsOf } from "../repositories";

const root = "platform:components.ci";

/** Checks what a Jenkins in the cluster requires. */
export function ciChecks({ components, apps = {} }: ParsedSections): ConfigError[] {
  const ci = components?.ci;
  if (ci === undefined || ci.external !== undefined) return [];
  const errors: ConfigError[] = [];
  if (ci.repository === undefined) {
    errors.push({
      key: `${root}.repository`,
      message: expected(
        "the repository of this program, which Jenkins loads its pipelines from",
        "nothing",
      ),
    });
  }
  const api = ci.repository && foreignApi(ci.repository);
  if (api !== undefined) errors.push({ key: `${root}.repository.api`, message: api });
  if (Object.keys(ci.stacks).length === 0) {
    errors.push({
      key: `${root}.stacks`,
      message: expected("at least one environment with its stack", "none"),
    });
  }
  if (ci.login.type === "local" && ci.administrators.length > 0) {
    errors.push({
      key: `${root}.administrators`,
      message: expected(
        "no groups with a local login, which has none",
        show(ci.administrators),
        `remove them, or set ${root}.login`,
      ),
    });
  }
  return [...errors, ...foreignRepositories(Object.entries(apps), repositoryHostsOf(ci))];
}
