export { readStack, parseStack } from "./read";
export { nodeGroupsOf } from "./node-groups";
export { nodePortOf } from "./node-ports";
export { platformFacts, type PlatformFacts } from "./platform";
export { namespaceOf, teamsOf, type Team } from "./teams";
export { ProgramError } from "./program-error";
export { InvalidConfig, type ConfigError } from "./errors";
export { templateOf, type AppConfig, type ExternalServiceConfig } from "./app";
export type { Container } from "./app/containers";
export { nginxResources, plain, presets, type Preset, type PresetName } from "./app/presets";
export type { Probe, Probes } from "./app/probes";
export { releaseTemplate, type LogKind, type ReleaseTemplate } from "./app/template";
export type { ComponentsConfig } from "./components";
export type { GatewayConfig } from "./components/gateway";
export type { PlacementConfig } from "./components/placement";
export type { EgressConfig, TeamConfig, TenancyConfig } from "./components/tenancy";
export type { Environment } from "./environments";
export type {
  CephConfig,
  CephFsClass,
  CephUser,
  NfsExport,
  RbdClass,
  StorageConfig,
} from "./components/storage";
export type { ClusterConfig, ReleasePolicyConfig, StackConfig } from "./stack";
export type { BlockStorageClass, SharedStorageClass, StorageClassName } from "./storage-class";
export type { Resources } from "./values";
