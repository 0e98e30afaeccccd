import { expected, type ConfigError } from "./errors";

/** Returns the host of a valid repository's address, without a port. */
export function repositoryHost(address: string): string {
  return new URL(address).hostname;
}

/**
 * Returns the hosts from which pipelines build apps: that of this program's repository, and those that the
 * config lists. Undefined without a Jenkins in the cluster.
 */
export function repositoryHostsOf(
  ci: { repository?: { url: string }; repositoryHosts: string[] } | undefined,
): string[] | undefined {
  if (ci?.repository === undefined) return undefined;
  return [...new Set([repositoryHost(ci.repository.url), ...ci.repositoryHosts])];
}

/**
 * Returns an error for each app that would be built from another host.
 * @param hosts the allowed ones. Undefined: all, because nothing is built here.
 * @param where the stack that lists the hosts, for example ` of the platform stack`. Default: this one.
 */
export function foreignRepositories(
  apps: [name: string, app: { repository?: string }][],
  hosts: readonly string[] | undefined,
  where = "",
): ConfigError[] {
  if (hosts === undefined) return [];
  return apps.flatMap(([name, { repository }]) => {
    if (repository === undefined || hosts.includes(repositoryHost(repository))) return [];
    return {
      key: `platform:apps.${name}.repository`,
      message: expected(
        `a repository on ${hosts.join(" or ")}`,
        `one on ${repositoryHost(repository)}`,
        `list this host in platform:components.ci.repositoryHosts${where} if apps may be built from it; it is read without credentials`,
      ),
    };
  });
}
