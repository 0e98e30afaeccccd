import { sourcesOf } from "../components/backup";
import { jenkinsArgs } from "../components/ci";
import { monitoringArgs } from "../components/monitoring";
import {
  domainsOf,
  imageTeams,
  nodeGroupsOf,
  registryAddress,
  schemeOf,
  teamsOf,
  uploadingParts,
  type StackConfig,
} from "../config";

/**
 * What a stack's config gives to each part of the platform; nothing for the parts that it does not
 * declare. What parts give to each other, `index.ts` adds.
 */
export function partsOf(stack: StackConfig) {
  const { environment, domain, images: sources, components } = stack;
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
    /** What every part knows about the stack; the placement comes to it. */
    context: {
      environment,
      imageMirror:
        sources.digests === "ignored" ? { ...sources, digests: sources.digests } : sources.mirror,
      dnsServers: tenancy?.dnsServers,
    },
    /** Gateway that routes attach to where the stack declares none itself. */
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
    ci: ci && jenkinsArgs(stack, ci),
    logging: logging && {
      ...web,
      ...logging,
      domains: domainsOf(stack),
      bucket: backup?.credentials,
    },
    monitoring: monitoring && monitoringArgs(stack, monitoring),
    dashboard: dashboard && { ...web, ...dashboard },
    backup: backup && { backup, sources: sourcesOf(components) },
  };
}
