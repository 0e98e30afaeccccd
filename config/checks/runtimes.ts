import {
  appRuntimeKeys,
  appRuntimes,
  buildImages,
  buildOf,
  runtimeOfPreset,
  type AppRuntimeKey,
  type BuildImage,
} from "../../versions/app-runtimes";
import { runtimeKey, withBases } from "../../versions/runtimes";
import type { DeclaredApp } from "../app";
import type { Apps, ParsedSections } from "./sections";
import type { ConfigError } from "../errors";

/** Checks for runtimes that do not fit an app's preset, and for runtimes that this stack cannot build for. */
export function runtimeChecks(apps: Apps, { components }: ParsedSections): ConfigError[] {
  return apps.flatMap(([name, app]) => {
    const key = `platform:apps.${name}.runtime`;
    const message = presetMismatch(app) ?? noAgent(app, components);
    return message === undefined ? [] : [{ key, message }];
  });
}

function presetMismatch({ runtime, preset }: DeclaredApp): string | undefined {
  if (runtime === undefined || preset === undefined) return undefined;
  if (appRuntimes[runtime].preset === preset) return undefined;
  const fitting = appRuntimeKeys.filter((key) => appRuntimes[key].preset === preset);
  return `expected a runtime of preset ${preset} (${fitting.join(", ")}), got ${runtime}`;
}

/** Returns why no agent of this stack can build the app. */
function noAgent(
  { runtime, preset, repository }: DeclaredApp,
  components: ParsedSections["components"],
): string | undefined {
  const key = runtime ?? (preset && runtimeOfPreset(preset));
  const ci = components?.ci;
  if (ci === undefined || ci.external !== undefined) return undefined;
  if (key === undefined || repository === undefined) return undefined;
  const agent = buildOf(key)?.agent;
  if (agent === undefined || ci.agents.images[agent] !== undefined) return undefined;
  const { base, published }: BuildImage = buildImages[agent];
  const images = components?.images;
  if (base === undefined || (images === undefined && published !== undefined)) return undefined;
  if (images === undefined) {
    return (
      `expected a runtime that an agent of this stack can build for (${buildable()}), got ${key}, which is ` +
      `built in our own image ${base}: declare platform:components.images, or set ` +
      `platform:components.ci.agents.images.${agent}`
    );
  }
  const { runtimes } = images;
  if (runtimes === undefined) return undefined;
  if (withBases(runtimes).some((one) => runtimeKey(one) === base)) return undefined;
  return `expected a runtime that an agent of this stack can build for, got ${key}, which is built in ${base}: add it to platform:components.images.runtimes`;
}

/** Returns the runtimes that public images can build for. */
function buildable(): string {
  const built = (key: AppRuntimeKey) => {
    const agent = buildOf(key)?.agent;
    const image: BuildImage | undefined = agent && buildImages[agent];
    return image === undefined || image.published !== undefined;
  };
  return appRuntimeKeys.filter(built).join(", ");
}
