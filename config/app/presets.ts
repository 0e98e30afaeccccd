import type { PresetName } from "../../versions/app-runtimes";
import type { Resources } from "../resources";
import type { Probes } from "./probes";

/** Defaults for an app of one kind. */
export interface Preset {
  port: number;
  resources: Resources;
  probes: Required<Probes>;
  env: Record<string, string>;
  /** Maximum size of /tmp. */
  tmp: string;
}

/**
 * Returns probes over HTTP.
 * @param startSeconds how long the app may take to start.
 */
function http(path: string, startSeconds: number): Required<Probes> {
  return {
    readiness: { path, periodSeconds: 5, failureThreshold: 2 },
    // Slower than readiness: a pod is first taken out of service, and only then restarted.
    liveness: { path, periodSeconds: 10, failureThreshold: 6 },
    startup: { path, periodSeconds: 2, failureThreshold: Math.ceil(startSeconds / 2) },
  };
}

function size(cpu: string, memory: string, maxCpu: string, maxMemory: string): Resources {
  return { requests: { cpu, memory }, limits: { cpu: maxCpu, memory: maxMemory } };
}

/** Resources of the nginx in front of PHP-FPM, and of the container that copies its files. */
export const nginxResources: Resources = size("50m", "32Mi", "500m", "64Mi");

/** Defaults of an app without a preset. */
export const plain: Preset = {
  port: 8080,
  resources: size("100m", "128Mi", "1", "256Mi"),
  probes: http("/", 120),
  env: {},
  tmp: "256Mi",
};

/** Presets by name. The sizes are starting values for a small app; adjust them to the usage in Grafana. */
export const presets: Record<PresetName, Preset> = {
  "java-tomcat": {
    port: 8080,
    resources: size("500m", "1Gi", "2", "1Gi"),
    // A Tomcat with a large application needs minutes to unpack and start it.
    probes: http("/", 300),
    // The heap is a share of the memory limit; the rest is for threads, code and direct buffers.
    env: { JAVA_TOOL_OPTIONS: "-XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError" },
    // The archive, the files that Tomcat unpacks and compiles from it, and uploads.
    tmp: "2Gi",
  },
  "php-fpm": {
    port: 8080,
    resources: size("200m", "256Mi", "1", "512Mi"),
    probes: http("/", 60),
    env: {},
    tmp: "256Mi",
  },
  node: {
    port: 8080,
    resources: size("200m", "192Mi", "1", "384Mi"),
    probes: http("/", 60),
    env: { NODE_ENV: "production" },
    tmp: "256Mi",
  },
  python: {
    port: 8080,
    resources: size("200m", "192Mi", "1", "384Mi"),
    probes: http("/", 60),
    env: { PYTHONUNBUFFERED: "1" },
    tmp: "256Mi",
  },
  static: {
    port: 8080,
    resources: size("50m", "32Mi", "500m", "64Mi"),
    probes: http("/", 30),
    env: {},
    tmp: "64Mi",
  },
};

/** Port that PHP-FPM listens on, inside the pod only. */
export const fpmPort = 9000;

/** Folder of a PHP app's public files in its image, and the folder where nginx has a copy of them. */
export const publicFolder = "/app/public";

/** Returns the names of the containers that a preset adds to the app's own. */
export function presetContainers(preset: PresetName | undefined): string[] {
  return preset === "php-fpm" ? ["nginx", "copy-public-files"] : [];
}
