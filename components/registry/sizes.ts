import type { Resources } from "../../config";

function size(cpu: string, memory: string, cpuLimit: string, memoryLimit: string): Resources {
  return { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } };
}

/**
 * CPU and memory of each container, based on Harbor's minimum of 2 CPUs and 4 GiB for all of them. The limits leave
 * room for pushes, which compute checksums, and for scans, which unpack whole images.
 */
export const sizes = {
  core: size("200m", "256Mi", "2", "1Gi"),
  portal: size("50m", "64Mi", "500m", "128Mi"),
  registry: size("200m", "256Mi", "2", "1Gi"),
  registryController: size("50m", "128Mi", "1", "512Mi"),
  jobService: size("100m", "256Mi", "1", "1Gi"),
  scanner: size("200m", "512Mi", "2", "2Gi"),
  database: size("200m", "512Mi", "2", "2Gi"),
  redis: size("100m", "128Mi", "1", "512Mi"),
  exporter: size("50m", "64Mi", "500m", "256Mi"),
  initialize: size("50m", "64Mi", "500m", "128Mi"),
} as const;
