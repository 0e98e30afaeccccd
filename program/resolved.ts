import { lookup, presetOf, type AppConfig, type ReleaseTemplate, type Resolved } from "../config";
import { nginxOf } from "../components/app/nginx";
import { keyOf, liveRelease, recordedTemplate } from "../releases";
import type { AppRecord, DesiredApp } from "../releases";
import { canonical, type Template } from "../releases/template";
import type { AppStack } from "./app-platform";

/** Returns the values that the program adds to the pods of a release that is deployed now. */
export function resolvedNow(app: AppConfig, template: ReleaseTemplate, stack: AppStack): Resolved {
  const logging = Object.keys(template.logDirectories).length > 0;
  const { environment, images, components, platform } = stack;
  const pulls = platform
    ? lookup(platform.pullSecrets, app.team) !== undefined
    : components.registry !== undefined;
  return {
    preset: presetOf(template),
    logs: logging ? { environment, domain: app.domain ?? "" } : undefined,
    nginx: nginxOf(template, images),
    pulls,
  };
}

/**
 * Returns the app with the values for its next release. If the update deploys none, these are the recorded
 * values, so a change of the program replaces no pods of a running release.
 */
export function withResolved(
  desired: DesiredApp,
  now: Resolved,
  record: AppRecord | undefined,
): DesiredApp {
  const recorded = record && recordedFor(desired, record);
  const resolved = recorded ? recorded["resolved"] : plain(now);
  const template = { ...desired.template, ...(resolved && { resolved }) };
  return { ...desired, template };
}

/**
 * Returns the recorded template that the config's settings continue: one with equal settings if it exists, so
 * that a reverted edit is recognized. Undefined if a release is new in this update.
 */
function recordedFor(
  { stable, canary, template }: DesiredApp,
  record: AppRecord,
): Template | undefined {
  const named = [stable, ...(canary ? [canary] : [])].map(keyOf);
  const live = named.map((key) => liveRelease(record, key));
  if (live.some((release) => release === undefined)) return undefined;
  const hashes = [record.configTemplate, ...live.flatMap((release) => release?.template ?? [])];
  const recorded = hashes.map((hash) => recordedTemplate(record, hash));
  const settings = canonical(template);
  return recorded.find((each) => canonical(settingsOf(each)) === settings) ?? recorded[0];
}

/** Returns a template without the values that the program added. */
function settingsOf(template: Template): Template {
  return Object.fromEntries(Object.entries(template).filter(([name]) => name !== "resolved"));
}

function plain(resolved: Resolved): Template {
  return JSON.parse(JSON.stringify(resolved)) as Template;
}
