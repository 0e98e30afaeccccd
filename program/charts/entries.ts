import type { StackConfig } from "../../config";
import type { ChartConfig, ManifestConfig, PlaceConfig } from "../../config/components/charts";
import { keyOf } from "../../config/errors";
import { lookup } from "../../config/lookup";
import { namespaceOf } from "../../config/teams";
import { supportedKubernetes } from "../../versions/kubernetes";

/** An entry of `charts` or `manifests` in a stack's config, and where its objects go. */
export type PackageEntry = {
  name: string;
  /** Key in the config. */
  key: string;
  stack: string;
  /** Namespace of its objects. */
  namespace: string;
  /** Pod Security level of that namespace. */
  level: "restricted" | "baseline" | "privileged";
  /** Minor version of Kubernetes that the chart is rendered for. */
  kubernetes: string;
  place: PlaceConfig;
  /** Stores that External Secrets of a team can name. */
  secretStores: StackConfig["secretStores"];
} & ({ kind: "charts"; config: ChartConfig } | { kind: "manifests"; config: ManifestConfig });

/** Returns all entries of `charts` and `manifests` of a stack, sorted by name. */
export function packageEntries(stack: string, config: StackConfig): PackageEntry[] {
  const { components } = config;
  const common = (kind: PackageEntry["kind"], name: string, place: PlaceConfig) => {
    const team = lookup(components.tenancy?.teams ?? {}, place.team ?? "");
    const { podSecurity } = (place.team === undefined ? place : team) ?? {};
    const level: PackageEntry["level"] = podSecurity?.level ?? "restricted";
    return {
      name,
      key: keyOf("platform:components", [kind, name]),
      stack,
      namespace:
        place.team === undefined ? (place.namespace ?? name) : namespaceOf(place.team, config),
      level,
      kubernetes: config.cluster.version ?? supportedKubernetes[0],
      place,
      secretStores: config.secretStores,
    };
  };
  const found: PackageEntry[] = [
    ...Object.entries(components.charts ?? {}).map(([name, chart]) => ({
      ...common("charts", name, chart),
      kind: "charts" as const,
      config: chart,
    })),
    ...Object.entries(components.manifests ?? {}).map(([name, manifest]) => ({
      ...common("manifests", name, manifest),
      kind: "manifests" as const,
      config: manifest,
    })),
  ];
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
