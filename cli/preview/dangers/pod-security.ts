import { at, listAt, mapAt } from "../../../config/fields";
import { podKinds, podTemplateOf } from "../../../config/pod-template";
import { words } from "../markdown";
import { titleOf } from "../steps";
import type { Danger, Situation } from "./danger";
import { addedItems, additions, isSame, textOf, updates, type Updated } from "./fields";
import { containersOf } from "./pods";

type Fields = Record<string, unknown>;

/** Levels, from the most permissive to the strictest. */
const levels = ["privileged", "baseline", "restricted"];
const enforce = "pod-security.kubernetes.io/enforce";

/** Returns pods that may do more than before, and namespaces that admit more. */
export function podSecurity(situation: Situation): Danger[] {
  return [
    ...updates(situation, "Namespace").flatMap(namespaces),
    ...additions(situation, "Namespace")
      .filter(({ after }) => levelOf(after) === 0)
      .map(({ step }) =>
        danger(words`New ${titleOf(step)} admits pods that may do everything on their node.`),
      ),
    ...updates(situation, ...podKinds).flatMap(pods),
  ];
}

function namespaces({ step, before, after }: Updated): Danger[] {
  const labels = (object: Fields) => mapAt(object, "metadata", "labels");
  const [old, now] = [labels(before), labels(after)];
  const from = textOf(old[enforce]);
  if (levelOf(after) < levelOf(before)) {
    return [
      danger(
        words`${titleOf(step)} admits pods that may do more: ${enforce} changes from ${from} to ${textOf(now[enforce])}.`,
      ),
    ];
  }
  const version = `${enforce}-version`;
  if (old[version] === now[version]) return [];
  return [
    danger(
      words`${titleOf(step)} is judged by another version: ${version} changes from ${textOf(old[version])} to ${textOf(now[version])}.`,
    ),
  ];
}

/** A namespace without the label admits everything. */
function levelOf(namespace: Fields): number {
  return Math.max(0, levels.indexOf(String(mapAt(namespace, "metadata", "labels")[enforce])));
}

function pods({ step, before, after }: Updated): Danger[] {
  const [old, now] = [podTemplateOf(before), podTemplateOf(after)];
  const looserSettings = [...ofPod(old, now), ...ofContainers(old, now)];
  return looserSettings.map((what) =>
    danger(words`Pods of ${titleOf(step)} may do more: ${what}.`),
  );
}

function ofPod(before: Fields | undefined, after: Fields | undefined): string[] {
  const [old, now] = [mapAt(before, "spec"), mapAt(after, "spec")];
  const flags = ["hostNetwork", "hostPID", "hostIPC"].filter(
    (flag) => now[flag] === true && old[flag] !== true,
  );
  const account =
    old.automountServiceAccountToken === false && now.automountServiceAccountToken !== false;
  return [
    ...flags,
    ...(account ? ["they get the token of their service account"] : []),
    ...(old.serviceAccountName === now.serviceAccountName
      ? []
      : [
          `service account ${textOf(now.serviceAccountName ?? "default")} instead of ${textOf(old.serviceAccountName ?? "default")}`,
        ]),
    ...addedItems(hostPaths(old), hostPaths(now)).map(
      (path) => `directory ${textOf(path)} of the node`,
    ),
    ...loosened(mapAt(old, "securityContext"), mapAt(now, "securityContext"), ""),
  ];
}

function hostPaths(spec: Fields): unknown[] {
  return listAt(spec, "volumes").flatMap((volume) => at(volume, "hostPath", "path") ?? []);
}

function ofContainers(before: Fields | undefined, after: Fields | undefined): string[] {
  const old = containersOf(before);
  return [...containersOf(after)].flatMap(([name, container]) => {
    const former = old.get(name);
    const context = mapAt(former, "securityContext");
    const ports = addedItems(hostPorts(former), hostPorts(container));
    return [
      // A new container is compared with the strictest one.
      ...loosened(
        former === undefined ? strict : context,
        mapAt(container, "securityContext"),
        `${name}: `,
      ),
      ...ports.map((port) => `${name}: port ${textOf(port)} of the node`),
    ];
  });
}

/** The strictest container. */
const strict: Fields = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
};

function hostPorts(container: Fields | undefined): unknown[] {
  return listAt(container, "ports").flatMap((port) => at(port, "hostPort") ?? []);
}

/** Returns the restrictions that a security context drops, and the permissions that it adds. */
function loosened(before: Fields, after: Fields, where: string): string[] {
  const lost = (field: string, strictValue: boolean) =>
    before[field] === strictValue && after[field] !== strictValue;
  const capabilities = (context: Fields, field: string) => listAt(context, "capabilities", field);
  const seccomp = (context: Fields) => at(context, "seccompProfile", "type");
  const zero = ["runAsUser", "runAsGroup"].filter((id) => after[id] === 0 && before[id] !== 0);
  const all = [
    ...(after.privileged === true && before.privileged !== true ? ["privileged"] : []),
    ...(lost("allowPrivilegeEscalation", false)
      ? ["allowPrivilegeEscalation is no longer false"]
      : []),
    ...(lost("runAsNonRoot", true) ? ["runAsNonRoot is no longer true"] : []),
    ...(lost("readOnlyRootFilesystem", true) ? ["readOnlyRootFilesystem is no longer true"] : []),
    ...zero.map((id) => `${id} is 0`),
    ...addedItems(capabilities(before, "add"), capabilities(after, "add")).map(
      (it) => `capability ${textOf(it)}`,
    ),
    ...addedItems(capabilities(after, "drop"), capabilities(before, "drop")).map(
      (it) => `capability ${textOf(it)} is kept`,
    ),
    ...(seccomp(before) !== undefined &&
    !isSame(seccomp(before), seccomp(after)) &&
    seccomp(after) !== "RuntimeDefault"
      ? [`seccompProfile ${textOf(seccomp(after))}`]
      : []),
    ...(after.procMount !== undefined && after.procMount !== before.procMount
      ? [`procMount ${textOf(after.procMount)}`]
      : []),
  ];
  return all.map((text) => `${where}${text}`);
}

function danger(sentence: string): Danger {
  return { kind: "pod-security", text: sentence };
}
