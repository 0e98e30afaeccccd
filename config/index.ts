export { readStack, parseStack } from "./read";
export { schemeOf, imageTeams } from "./image-teams";
export { ingressClassName } from "./ingress-class";
export { domainsOf, additionalHostsOf } from "./domains";
export { artifactsHost, ciHost, dashboardHost, harborHost, registryAddress } from "./hosts";
export { exclusiveTaint, nodeGroupsOf } from "./node-groups";
export { defaultStorageRequest } from "./amounts";
export { bytesOf, mebibytesOf } from "./quantities";
export { nodePortOf } from "./node-ports";
export { uploadingParts } from "./uploads";
export { lookup } from "./lookup";
export { canaryNeedsCheck, noPrometheus } from "./prometheus";
export { monitoringPrometheus, prometheusServer } from "./prometheus-server";
export { repositoryApi, repositoryHost, repositoryHostsOf, repositoryPort } from "./repositories";
export { platformFacts, type PlatformFacts } from "./platform";
export { pipelineGroupsOf, pipelineOf, pipelinesOf, type Pipeline } from "./pipelines";
export {
  namespaceOf,
  teamByNamespace,
  teamsOf,
  type NamespaceRules,
  type Team,
  type TeamApp,
} from "./teams";
export { ProgramError } from "./program-error";
export { InvalidConfig, keyOf, type ConfigError } from "./errors";
export { templateOf, type AppConfig, type ExternalServiceConfig } from "./app";
export { cronTimes, type CronTimes, type CronWork } from "./app/cron";
export type { Container } from "./app/containers";
export { nginxResources, presets, type Preset } from "./app/presets";
export type { Probe } from "./app/probes";
export type { ScalingConfig } from "./app/scaling";
export { presetOf, type Resolved } from "./app/resolved";
export { releaseTemplate, type LogKind, type ReleaseTemplate } from "./app/template";
export type { ComponentsConfig, PartConfig } from "./components";
export type { ArtifactsConfig, RepositoryConfig } from "./components/artifacts";
export type { BackupConfig, SavedSystem } from "./components/backup";
export { kibanaHost } from "./components/logging";
export type {
  ControlPlaneConfig,
  EndpointConfig,
  PodEndpointConfig,
} from "./components/control-plane";
export { pageHosts, type MonitoringConfig, type PageHosts } from "./components/monitoring";
export type { AlertRoutes, Credential, Receiver } from "./components/alert-routes";
export type { HarborConfig } from "./components/registry";
export type { CiConfig } from "./components/ci";
export type { Environment } from "./environments";
export type { CephConfig, CephFsClass, CephUser, RbdClass } from "./components/ceph";
export type { NfsExport } from "./components/storage";
export { collectorEndpoint, type TracingConfig } from "./components/tracing";
export type { StackConfig } from "./stack";
export type { BlockStorageClass, SharedStorageClass } from "./storage-class";
export type { Resources } from "./resources";
