import * as pulumi from "@pulumi/pulumi";
import { sourcesOf } from "../components/backup";
import { otherParts } from "../components/monitoring";
import {
  additionalHostsOf,
  domainsOf,
  imageTeams,
  nodeGroupsOf,
  pipelineGroupsOf,
  pipelinesOf,
  registryAddress,
  schemeOf,
  teamByNamespace,
  teamsOf,
  uploadingParts,
} from "../config";
import type { AppStack } from "./app-platform";
import { packagesOf } from "./charts";

/**
 * Returns for each part of the platform its section of the config, unchanged, and the facts about the rest of the stack
 * that it needs; undefined for parts that the stack does not declare. `index.ts` adds the context, and what parts get
 * from each other.
 */
export function partsOf(stack: AppStack) {
  const { environment, domain, images: imageSource, apps, branch, components } = stack;
  const { placement, tenancy, storage, gateway, registry, images, artifacts } = components;
  const { ci, logging, monitoring, tracing, dashboard, backup, autoscaling } = components;
  const web = { domain, scheme: schemeOf(stack) };
  const pipelines = { ...stack.pipelines, ...pipelinesOf(stack) };
  /** Facts about the stack for every part, without the placement. */
  const context = { environment, imageSource, dnsServers: tenancy?.dnsServers };
  return {
    packages: packagesOf(pulumi.getStack(), stack),
    context,
    /** Gateway of the routes, if the stack does not declare one itself. */
    defaultGateway: { name: environment, namespace: "gateway" },
    scheme: web.scheme,
    placement: placement && { context, config: placement, nodeGroups: nodeGroupsOf(stack) },
    tenancy: tenancy && { config: tenancy, apps, branch },
    storage: storage && { config: storage },
    gateway: gateway && { config: gateway, uploading: uploadingParts(components) },
    registry: registry && { config: registry, ...web, teams: imageTeams(stack) },
    images: images && { config: images, domain, registry: registryAddress(stack) },
    artifacts: artifacts && { config: artifacts, ...web },
    ci: ci && {
      config: ci,
      ...web,
      apps: pipelines,
      teams: pipelineGroupsOf(stack, pipelines),
      baseImages: images && { registry: images.registry },
    },
    logging: logging && {
      config: logging,
      ...web,
      domains: domainsOf(stack),
      hosts: additionalHostsOf(stack),
      bucket: backup?.credentials,
    },
    monitoring: monitoring && {
      config: monitoring,
      ...web,
      owners: teamByNamespace(stack),
      teamNamespaces: Object.values(teamsOf(stack)).map(({ namespace }) => namespace),
      parts: otherParts(components),
      scaler: autoscaling?.keda?.installedIn,
    },
    tracing: tracing && { config: tracing },
    dashboard: dashboard && { config: dashboard, domain },
    backup: backup && { config: backup, sources: sourcesOf(components) },
    autoscaling: autoscaling && { config: autoscaling },
  };
}
