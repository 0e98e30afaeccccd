import type { Apps } from "./sections";
import { expected, keyOf, show, type ConfigError } from "../errors";

/**
 * Checks the paths that the kubelet and Prometheus request from an app's pods. Both parse or encode a path
 * before they send it. The schema accepts these paths, because records of running releases can contain them.
 */
export function podRequestChecks(apps: Apps): ConfigError[] {
  return apps.flatMap(([app, { probes = {}, metrics }]) => [
    ...Object.entries(probes).flatMap(([name, probe]) =>
      probe?.path === undefined
        ? []
        : unsentProbe(keyOf("platform:apps", [app, "probes", name, "path"]), probe.path),
    ),
    ...(metrics === undefined
      ? []
      : unsentMetrics(keyOf("platform:apps", [app, "metrics", "path"]), metrics.path)),
  ]);
}

/** The kubelet reads `//a/b` as host `a` and path `/b`, and sends nothing after `#`. */
function unsentProbe(key: string, path: string): ConfigError[] {
  if (!path.startsWith("//") && !path.includes("#")) return [];
  return [{ key, message: expected("a path with one slash first and without #", show(path)) }];
}

/** Prometheus encodes the whole text as a path, so that the app gets `/metrics%3Fa=b`. */
function unsentMetrics(key: string, path: string): ConfigError[] {
  if (!path.startsWith("//") && !/[?#\s]/.test(path)) return [];
  const what = "a path with one slash first, without ?, # and spaces";
  return [{ key, message: expected(what, show(path)) }];
}
