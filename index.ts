import { Artifacts } from "./components/artifacts";
import { Autoscaling } from "./components/autoscaling";
import { Backup, sourcesOf } from "./components/backup";
import { Jenkins, jenkinsArgs } from "./components/ci";
import { connect } from "./cluster/provider";
import { Dashboard } from "./components/dashboard";
import { Gateway } from "./components/gateway";
import { Images } from "./components/images";
import { Logging } from "./components/logging";
import { Monitoring, monitoringArgs } from "./components/monitoring";
import { Placement } from "./components/placement";
import { Registry } from "./components/registry";
import { claimingVolumes, Storage } from "./components/storage";
import { Tenancy } from "./components/tenancy";
import { extensionsAfterNamespaces } from "./components/shared/order";
import { Tracing } from "./components/tracing";
import {
  domainsOf,
  imageTeams,
  nodeGroupsOf,
  readStack,
  schemeOf,
  teamsOf,
  uploadingParts,
} from "./config";
import { sparePromiseTraces } from "./program/traces";
import { declareApps } from "./program/apps";
import { planned } from "./program/releases";
import { fromPlatform, platformOutput, withPlatform } from "./program/platform-stack";

/** The whole platform of one stack: its config decides which parts and which apps there are. */
export = async () => {
  sparePromiseTraces();
  const stack = await withPlatform(readStack());
  const opts = extensionsAfterNamespaces({ provider: await connect(stack.cluster) });
  const plans = await planned(stack);
  const { environment, domain, images, components: parts } = stack;

  const nodeGroups = nodeGroupsOf(stack);
  const placement =
    parts.placement && new Placement("placement", { ...parts.placement, nodeGroups }, opts);
  const dnsServers = parts.tenancy?.dnsServers;
  const context = {
    environment,
    imageMirror:
      images.digests === "ignored" ? { ...images, digests: images.digests } : images.mirror,
    placement: placement?.rules,
    dnsServers,
  };
  const common = { ...context, context };

  const teams = teamsOf(stack);
  const tenancy = parts.tenancy && new Tenancy("tenancy", { environment, teams, dnsServers }, opts);
  const storage = parts.storage && new Storage("storage", { ...common, ...parts.storage }, opts);
  const claiming = claimingVolumes(storage, opts);

  const uploading = uploadingParts(parts);
  const entrance =
    parts.gateway && new Gateway("gateway", { ...common, ...parts.gateway, uploading }, opts);
  const gateway = entrance?.address ?? { name: environment, namespace: "gateway" };
  const web = { ...common, gateway, domain, scheme: schemeOf(stack) };

  const pulling = imageTeams(stack, tenancy?.namespaces);
  const registry =
    parts.registry &&
    new Registry("registry", { ...web, registry: parts.registry, teams: pulling }, claiming);
  const baseImages =
    parts.images &&
    new Images(
      "images",
      { ...common, registry: registry?.address ?? `harbor.${domain}`, ...parts.images },
      opts,
    );
  const artifacts =
    parts.artifacts && new Artifacts("artifacts", { ...web, artifacts: parts.artifacts }, claiming);

  const ci =
    parts.ci &&
    new Jenkins("ci", { ...web, ...jenkinsArgs(stack, parts.ci, registry, artifacts) }, claiming);

  const bucket = parts.backup?.credentials;
  const logging =
    parts.logging &&
    new Logging(
      "logging",
      { ...web, ...parts.logging, domains: domainsOf(stack), bucket },
      claiming,
    );
  const monitoring =
    parts.monitoring &&
    new Monitoring("monitoring", { ...web, ...monitoringArgs(stack, parts.monitoring) }, claiming);
  if (parts.tracing) new Tracing("tracing", { ...common, ...parts.tracing }, claiming);
  if (parts.dashboard) new Dashboard("dashboard", { ...web, ...parts.dashboard }, opts);

  if (parts.backup) {
    const after = [registry, artifacts, ci, logging, monitoring].filter(
      (part) => part !== undefined,
    );
    const args = { ...common, backup: parts.backup, sources: sourcesOf(parts), after };
    new Backup("backup", args, opts);
  }
  // After all Namespaces: see `extensionsAfterNamespaces`.
  const autoscaling =
    parts.autoscaling &&
    new Autoscaling(
      "autoscaling",
      { ...common, ...parts.autoscaling, prometheus: monitoring?.prometheus },
      opts,
    );

  const declared = {
    gateway,
    scheme: web.scheme,
    namespaces: tenancy?.namespaces,
    pullSecrets: registry?.pullSecrets,
    requestScaling: autoscaling?.requestScaling,
    placement: placement?.rules,
  };
  return {
    ...platformOutput(stack, declared),
    ...declareApps(stack, plans, { ...common, ...declared, ...fromPlatform(stack) }, claiming),
    ...(baseImages && { images: baseImages.references }),
  };
};
