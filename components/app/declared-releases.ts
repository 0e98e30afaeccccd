import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../config";
import type { AppArgs, LiveRelease } from "./args";
import { appIngress } from "./ingress";
import type { Release } from "./release";
import { roleObjects } from "./roles";
import { waitForNothing } from "./services";
import { waitForDeployments, workerPolicy, workerReleases } from "./worker-releases";

/** Declares one release. Its number of pods changes after `after` has resolved. */
type DeclareRelease = (release: LiveRelease, after?: pulumi.Output<unknown>) => Release;

interface DeclaredReleases {
  releases: Release[];
  /** Resolves after each release has its share. */
  ready: pulumi.Output<unknown>;
  /** Resolves after requests can arrive. */
  entrance: pulumi.Output<unknown>;
}

/** Declares the releases of a web app, and the objects that route requests to them. */
export function declareWeb(
  app: string,
  args: AppArgs,
  declare: DeclareRelease,
  parent: pulumi.Resource,
): DeclaredReleases {
  const { domain, ingress, canary, stable } = args;
  if (domain === undefined)
    throw new ProgramError(`App "${app}": expected a domain for a web app, got none.`);
  const releases = args.releases.map((release) => declare(release));
  if (ingress !== undefined && canary !== undefined && canary !== stable) throw noCanary(app);
  const hosts = [domain, ...args.hosts];
  const roles = { ...args, hosts, waiting: args.waiting ?? waitForNothing };
  const { services, ready } = roleObjects(app, roles, releases, parent);
  for (const release of releases) release.declareAutoscaler(ready);
  if (ingress === undefined) return { releases, ready, entrance: ready };
  // Like a route, it changes after the Services, and after the apps that take over its hosts.
  const service = pulumi.all([services.stable, ready]).apply(([name]) => name);
  const { id } = appIngress(app, { ...args, hosts, ingress }, service, parent);
  return { releases, ready, entrance: id };
}

/** Declares the releases of a worker. The numbers of their pods divide the work. */
export function declareWorker(
  app: string,
  args: AppArgs,
  declare: DeclareRelease,
  parent: pulumi.Resource,
): DeclaredReleases {
  workerPolicy(app, args, args.releases, parent);
  const waiting = args.workerWaiting ?? waitForDeployments;
  const { releases, ready } = workerReleases({ ...args, waiting, declare });
  return { releases, ready, entrance: ready };
}

function noCanary(app: string): ProgramError {
  return new ProgramError(
    `platform:apps.${app}.ingress: expected no Ingress while the app has a canary, got one; an Ingress cannot split requests, so remove it, or end the canary.`,
  );
}
