import { own, presetOf, type AppConfig, type ReleaseTemplate, type Resolved } from "../config";
import { nginxOf } from "../components/app/nginx";
import { keyOf, liveRelease, recordedTemplate } from "../releases";
import type { AppRecord, DesiredApp } from "../releases";
import { canonical, type Template } from "../releases/template";
import type { AppStack } from "./app-platform";

/** What a release that is deployed now runs with, beside the app's own settings. */
export function resolvedNow(app: AppConfig, template: ReleaseTemplate, stack: AppStack): Resolved {
  const logging = Object.keys(template.logDirectories).length > 0;
  const { environment, images, components, platform } = stack;
  const pulls = platform
    ? own(platform.pullSecrets, app.team) !== undefined
    : components.registry !== undefined;
  return {
    preset: presetOf(template),
    logs: logging ? { environment, domain: app.domain ?? "" } : undefined,
    nginx: nginxOf(template, images.mirror),
    pulls,
  };
}

/**
 * The app with what its next release is to run with. Where the update deploys none, that is what was
 * recorded: nothing that the program adds to pods replaces those of a release that runs.
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
 * The recorded template that the config's settings go on from: of equal settings if there is one, so
 * that a reverted edit is recognized. Nothing where a release is new in this update.
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

/** A template without what the program added. */
function settingsOf(template: Template): Template {
  return Object.fromEntries(Object.entries(template).filter(([name]) => name !== "resolved"));
}

function plain(resolved: Resolved): Template {
  return JSON.parse(JSON.stringify(resolved)) as Template;
}
