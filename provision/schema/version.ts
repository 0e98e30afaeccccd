import { z } from "zod";
import { supportedKubernetes, type KubernetesVersion } from "../../versions/kubernetes";

/** Returns the minor version of a full version, such as 1.36 of 1.36.3. */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** Whether the program supports the minor version of a full version. */
function isSupported(version: string): boolean {
  return supportedKubernetes.includes(minorOf(version) as KubernetesVersion);
}

/** A full version of Kubernetes, without a `v`. */
export const fullVersion = z
  .string()
  .regex(/^1\.\d{1,3}\.\d{1,3}$/, {
    error: "a full version of Kubernetes, for example 1.36.3",
    abort: true,
  })
  .refine(isSupported, `a version of ${supportedKubernetes.join(", ")}`);
