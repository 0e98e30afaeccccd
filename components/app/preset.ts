import { plain, presets, type Preset, type ReleaseTemplate } from "../../config";

/** What a release's preset gives it; the template's own fields go first. */
export function presetOf(template: ReleaseTemplate): Preset {
  return template.preset === undefined ? plain : presets[template.preset];
}

/** Port on which the pod takes requests. */
export function httpPort(template: ReleaseTemplate): number {
  return template.port ?? presetOf(template).port;
}

/** Largest size of the pod's /tmp. */
export function tmpSize(template: ReleaseTemplate): string {
  return template.tmp ?? presetOf(template).tmp;
}
