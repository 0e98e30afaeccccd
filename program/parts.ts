import * as pulumi from "@pulumi/pulumi";
import { sourcesOf } from "../components/backup";
import { jenkinsArgs } from "../components/ci";
import { monitoringArgs } from "../components/monitoring";
import {
  domainsOf,
  additionalHostsOf,
  imageTeams,
  nodeGroupsOf,
  registryAddress,
  schemeOf,
  teamsOf,
  uploadingParts,
} from "../config";
import type { AppStack } from "./app-platform";
import { packagesOf } from "./charts";

/**
 * Returns the arguments of each part of the platform that follow from a stack's config; undefined for parts
 * that it does not declare. `index.ts` adds the values that parts get from each other.
 */
export function partsOf(stack: AppStack) {
  const { environment, domain, images: imageSource, components } = stack;
  const {
    placement,
    tenancy,
    gateway,
    registry,
    images,
    artifacts,
    ci,
    logging,
    monitoring,
    dashboard,
    backup,
  } = components;
  const web = { domain, scheme: schemeOf(stack) };
  return {
    ...components,
    packages: packagesOf(pulumi.getStack(), stack),
    /** Facts about the stack for every part, without the placement. */
    context: {
      environment,
      imageSource,
      dnsServers: tenancy?.dnsServers,
    },
    /** Gateway of the routes, if the stack does not declare one itself. */
    entrance: { name: environment, namespace: "gateway" },
    scheme: web.scheme,
    placement: placement && { ...placement, nodeGroups: nodeGroupsOf(stack) },
    tenancy: tenancy && { teams: teamsOf(stack) },
    gateway: gateway && { ...gateway, uploading: uploadingParts(components) },
    registry: registry && { ...web, registry, teams: imageTeams(stack) },
    images: images && {
      ...images,
      registry: images.registry ?? registryAddress(stack) ?? `harbor.${domain}`,
    },
    artifacts: artifacts && { ...web, artifacts },
    ci: ci && jenkinsArgs(stack, ci, stack.pipelines),
    logging: logging && {
      ...web,
      ...logging,
      domains: domainsOf(stack),
      hosts: additionalHostsOf(stack),
      bucket: backup?.credentials,
    },
    monitoring: monitoring && monitoringArgs(stack, monitoring),
    dashboard: dashboard && { ...web, ...dashboard },
    backup: backup && { backup, sources: sourcesOf(components) },
  };
}
