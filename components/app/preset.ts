import { presetOf, type ReleaseTemplate } from "../../config";

/** Returns the port of the pod for requests. */
export function httpPort(template: ReleaseTemplate): number {
  return template.port ?? presetOf(template).port;
}

/** Returns the maximum size of the pod's /tmp. */
export function tmpSize(template: ReleaseTemplate): string {
  return template.tmp ?? presetOf(template).tmp;
}
