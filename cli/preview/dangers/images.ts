import { podKinds, podTemplateOf } from "../../../config/pod-template";
import { words } from "../markdown";
import { titleOf, type Step } from "../steps";
import type { Danger, Situation } from "./danger";
import { updates, type Updated } from "./fields";
import { containersOf } from "./pods";

/** Returns risky image changes of the platform's parts. Apps have releases for that. */
export function images(situation: Situation): Danger[] {
  return updates(situation, ...podKinds)
    .filter(({ step }) => !isOfApp(step))
    .flatMap(imageChanges);
}

/** Whether an object has pods of a release, or is a job of an app, which follows its stable release. */
function isOfApp({ kind, parent = "" }: Step): boolean {
  const isJob = kind === "CronJob" || kind === "Job";
  return parent.startsWith("Release ") || (isJob && parent.startsWith("App "));
}

function imageChanges({ step, before, after }: Updated): Danger[] {
  const old = containersOf(podTemplateOf(before));
  return [...containersOf(podTemplateOf(after))].flatMap(([name, container]): Danger[] => {
    const [from, to] = [old.get(name)?.image, container.image];
    if (typeof from !== "string" || typeof to !== "string" || from === to) return [];
    const reason = reasonOf(imageOf(from), imageOf(to));
    if (reason === undefined) return [];
    const text = words`${titleOf(step)}, container ${name}: ` + reason + words`: ${from} → ${to}.`;
    return [{ kind: "image", text }];
  });
}

interface Image {
  repository: string;
  tag: string;
}

function imageOf(reference: string): Image {
  const [name = ""] = reference.split("@");
  const colon = name.lastIndexOf(":");
  const hasTag = colon > name.lastIndexOf("/");
  return hasTag
    ? { repository: name.slice(0, colon), tag: name.slice(colon + 1) }
    : { repository: name, tag: "" };
}

function reasonOf(from: Image, to: Image): string | undefined {
  if (from.repository !== to.repository) return "another image";
  const [old, now] = [versionOf(from.tag), versionOf(to.tag)];
  // The same tag with another digest is the same version.
  if (from.tag === to.tag) return undefined;
  if (old === undefined || now === undefined) return "a version that cannot be compared";
  const difference = now.findIndex((part, at) => part !== old[at]);
  if (difference === -1) return undefined;
  if ((now[difference] ?? 0) < (old[difference] ?? 0)) return "back to an earlier version";
  // Before 1.0, the second number marks breaking changes.
  const major = now[0] === 0 && old[0] === 0 ? 1 : 0;
  return difference <= major ? "a new major version" : undefined;
}

/** Returns `v3.6.23-alpine` as [3, 6, 23]. */
function versionOf(tag: string): number[] | undefined {
  const match =
    /(?:^|[^\d.])v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?![\d.])/.exec(tag) ??
    /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(tag);
  if (match === null) return undefined;
  return match.slice(1, 4).map((part) => Number((part as string | undefined) ?? 0));
}
