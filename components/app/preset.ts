import { presetOf, type ReleaseTemplate } from "../../config";

/** Port on which the pod takes requests. */
export function httpPort(template: ReleaseTemplate): number {
  return template.port ?? presetOf(template).port;
}

/** Largest size of the pod's /tmp. */
export function tmpSize(template: ReleaseTemplate): string {
  return template.tmp ?? presetOf(template).tmp;
}
