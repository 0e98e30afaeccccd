import { z } from "zod";
import { expected, show, type ConfigError } from "./errors";

/**
 * Only characters that every reader of an address understands alike: Jenkins matches credentials by the host, and
 * finds none in an address that Java cannot parse.
 */
const repositoryAddress = /^https:\/\/[A-Za-z0-9.-]+(:[0-9]+)?\/[A-Za-z0-9._~/+%-]+$/;

/** A Git repository over HTTPS, so that it accepts a user name and a token, which are configured elsewhere. */
export const gitRepository = z
  .string()
  .refine((address) => repositoryAddress.test(address) && URL.canParse(address), {
    error: ({ input }) =>
      expected(
        "a repository over HTTPS such as https://git.example.com/ops/platform.git",
        show(input),
        "put a user name and a token into a Secret",
      ),
  });

/** Returns the host of a valid repository's address, without a port. */
export function repositoryHost(address: string): string {
  return new URL(address).hostname;
}

/** Returns the port of a valid repository's address. */
export function repositoryPort(address: string): number {
  return Number(new URL(address).port || 443);
}

/** Path of GitLab's API below the URL of GitLab. */
const apiPath = "/api/v4";

/** Returns the URL of the API of a repository's GitLab. */
export function repositoryApi({ url, api }: { url: string; api?: string }): string {
  return api ?? `${/^https:\/\/[^/]+/.exec(url)?.[0]}${apiPath}`;
}

/** Returns why an API cannot be that of a repository's GitLab; undefined if it can. It gets the repository's token. */
export function foreignApi(repository: { url: string; api?: string }): string | undefined {
  const api = repositoryApi(repository);
  if (api.endsWith(apiPath) && repository.url.startsWith(`${api.slice(0, -apiPath.length)}/`)) {
    return undefined;
  }
  return expected(
    `the URL of the GitLab that serves ${repository.url}, and ${apiPath}`,
    show(repository.api),
    "remove it if GitLab is not served under a path",
  );
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
