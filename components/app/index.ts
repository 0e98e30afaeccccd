import * as pulumi from "@pulumi/pulumi";
import { ingressClassName, ProgramError, type ReleaseTemplate } from "../../config";
import type { NodeGroup } from "../shared/placement";
import type { AppArgs, LiveRelease } from "./args";
import { callPolicies } from "./calls";
import { cronJobs } from "./cron";
import { declareWeb, declareWorker } from "./declared-releases";
import { externalSecrets } from "./external-secrets";
import { externalServices } from "./external";
import { Release } from "./release";
import { waitForNothing, roleServiceNames } from "./services";
import { volumeClaims } from "./volumes";

export type { AppArgs, LiveRelease } from "./args";

/**
 * One app: a Deployment for each live release. A web app also has two Services with constant names, whose
 * selectors determine which release is stable and which is the canary, and one HTTPRoute with a constant shape.
 */
export class App extends pulumi.ComponentResource {
  /** URL of the app at the gateway. Undefined for a worker. */
  readonly url?: string;
  /** What is recorded about its releases. Undefined without {@link AppArgs.recorded}. */
  readonly record?: pulumi.Output<unknown>;
  /** Resolves after everything that routes requests to it is in place. */
  readonly ready: pulumi.Output<unknown>;

  constructor(name: string, args: AppArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:app:App", name, {}, opts);
    const mounted = [
      ...volumeClaims(name, { ...args, volumes: args.volumes ?? {} }, this),
      ...externalSecrets(name, args, this),
    ];
    const declare = (release: LiveRelease, after?: pulumi.Output<unknown>) =>
      new Release(
        release.name,
        {
          ...args,
          ...release,
          worker: release.worker && { ...release.worker, after },
          app: name,
          mounted,
          waiting: args.waiting ?? waitForNothing,
          services: args.kind === "worker" ? [] : roleServiceNames(name, args, release.name),
          nodeGroup: nodeGroupOf(release.template, args.nodeGroups),
        },
        { parent: this },
      );
    const { releases, ready, entrance } =
      args.kind === "worker"
        ? declareWorker(name, args, declare, this)
        : declareWeb(name, args, declare, this);
    externalServices(name, args, this);
    declareJobs(name, args, releases, ready, this);
    callPolicies(name, { ...args, calls: args.calls ?? [] }, this);
    if (args.domain !== undefined) {
      this.url = `${schemeOf(args)}://${args.domain}${args.paths[0] ?? "/"}`;
    }
    this.ready = pulumi.all([ready, entrance]);
    this.record = args.recorded?.(this.ready);
    // Recorded separately, so that an app has a record even if another one of the stack fails.
    this.registerOutputs({
      ...(this.url && { url: this.url }),
      ...(this.record && { record: this.record }),
    });
  }
}

/** Declares the jobs of the stable release. */
function declareJobs(
  app: string,
  args: AppArgs,
  releases: Release[],
  ready: pulumi.Output<unknown>,
  parent: pulumi.Resource,
): void {
  const stable = args.releases.find(({ name }) => name === args.stable);
  const mounts = releases.find(({ releaseName }) => releaseName === args.stable)?.mounts;
  if (stable === undefined || mounts === undefined) return;
  const nodeGroup = nodeGroupOf(stable.template, args.nodeGroups);
  const { cron = {} } = args;
  cronJobs(app, { ...args, ...stable, app, cron, mounts, nodeGroup, ready }, parent);
}

/** Returns how clients reach the app. Another controller serves HTTPS only with a certificate of the Ingress. */
function schemeOf({ ingress, scheme = "http" }: AppArgs): "http" | "https" {
  if (ingress === undefined || ingress.className === ingressClassName) return scheme;
  return ingress.tlsSecret === undefined ? "http" : "https";
}

function nodeGroupOf(
  { nodeGroup }: ReleaseTemplate,
  groups: Record<string, NodeGroup>,
): NodeGroup | undefined {
  if (nodeGroup === undefined) return undefined;
  const group = groups[nodeGroup];
  if (group === undefined) {
    throw new ProgramError(
      `platform:nodeGroups: expected the group "${nodeGroup}", which a live release uses, got ${Object.keys(groups).join(", ") || "none"}. Keep a group until no release needs it.`,
    );
  }
  return group;
}
