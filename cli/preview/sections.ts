import { lookup } from "../../config";
import { deletionPermit } from "../../policy/rules/changes";
import { chain, undoCommands } from "./commits";
import { block, code, shorten, firstLines, foldedBlock, words } from "./markdown";
import type { Provenance } from "./provenance";
import type { Report } from "./report";
import type { Step } from "./steps";
import type { ShownTransform } from "./transforms";
import type { AppTraffic } from "./traffic";

/** Maximum length of a line of an error, and of an error. */
const errorLine = 2000;
const errorText = 12_000;
/** Maximum length of a line of a table, and of a table. */
const tableLine = 400;
const tableText = 4000;
/** Maximum number of sentences about one app. */
const maxSentences = 20;
/** Maximum length of the list of unchanged apps. */
const foldedText = 10_000;

/** Returns the errors, each as a block. */
export function errorItems(errors: readonly string[]): string[] {
  return errors.map((text) => {
    const lines = text.split("\n").map((line) => shorten(line, errorLine));
    return block(firstLines(lines, errorText).join("\n"));
  });
}

/** Returns each app's table and steps. Apps whose traffic changes come first. */
export function trafficItems(traffic: readonly AppTraffic[]): string[] {
  const moves = ({ changes, refusals }: AppTraffic) => changes || refusals.length > 0;
  const quiet = traffic.filter((app) => !moves(app)).map(appItem);
  if (quiet.length === 0) return traffic.filter(moves).map(appItem);
  const shown = firstItems(quiet, foldedText);
  const title = quiet.length === 1 ? "1 app, unchanged" : `${quiet.length} apps, unchanged`;
  return [...traffic.filter(moves).map(appItem), foldedBlock(title, shown.join("\n\n"))];
}

function appItem({ app, table, changes, sentences, refusals }: AppTraffic): string {
  const state = refusals.length > 0 ? ", as it is" : ", unchanged";
  const title = `${code(app)}${changes ? "" : state}`;
  const lines = firstLines(
    table.split("\n").map((line) => shorten(line, tableLine)),
    tableText,
  );
  const items = sentences.slice(0, maxSentences).map((text) => `- ${code(text)}`);
  return [title, block(lines.join("\n")), ...(items.length > 0 ? [items.join("\n")] : [])].join(
    "\n\n",
  );
}

/** Returns as many items as fit, and the number of missing ones. */
function firstItems(items: readonly string[], max: number): string[] {
  let length = 0;
  const kept = items.filter((item) => (length += item.length) <= max);
  const missing = items.length - kept.length;
  return missing === 0 ? kept : [...kept, `… and ${missing} more`];
}

/** Returns commands that undo the change: only the releases, and everything. */
export function undoItems({ stack, traffic, preview, provenance, failed }: Report): string[] {
  if (failed || !preview.steps.some(({ real }) => real)) return [];
  const commands = traffic.flatMap(({ undo }) => undo);
  const undo = undoCommands(provenance);
  const everything = [
    ...chain([...undo, `npx platform preview ${stack}`]),
    `npx platform up ${stack} --plan-hash <the hash that the preview shows>`,
  ];
  const permits = undo.length > 0 ? deletionPermits(preview.steps) : [];
  const refresh = `pulumi refresh --yes --skip-preview --stack ${stack}`;
  return [
    ...(commands.length > 0 ? [`The releases alone, at once:\n\n${shell(commands)}`] : []),
    ...(permits.length > 0
      ? [
          `The policy refuses to delete objects of this change that can hold data. If they hold none, allow it before you undo everything:\n\n${shell(chain([...permits, refresh]))}`,
        ]
      : []),
    ...(undo.length > 0 ? [`Everything:\n\n${shell(everything)}`] : []),
  ];
}

/** Returns the commands that allow the deletion of the new objects that the policy protects. */
function deletionPermits(steps: readonly Step[]): string[] {
  return steps.flatMap(({ op, kind, name, namespace, real, keeps }) =>
    op === "create" && real && !keeps
      ? (deletionPermit({ kind, metadata: { name, namespace } }) ?? [])
      : [],
  );
}

/** Returns what an approval of this comment approves. */
export function approval({ stack, hash, plan }: Report): string {
  if (hash === undefined) return "### Approval\n\nThere is no plan to approve.";
  if (plan?.steps.length === 0)
    return "### Approval\n\nNothing changes: there is nothing to approve.";
  const command = shell([`npx platform up ${stack} --plan-hash ${hash}`]);
  return `### Approval\n\nThis command applies exactly this plan:\n\n${command}`;
}

/**
 * Returns the origin of the comment.
 * @param traffic apps; for each one that changes, the file with the change is named.
 */
export function origin(
  { commit, changed, stack, cluster, tools, at, pipeline, files = {}, transforms = [] }: Provenance,
  traffic: readonly AppTraffic[],
): string {
  const edited = changed ? ", with changes that are not committed" : "";
  const [uid, version] = [cluster.uid ?? "unknown", cluster.version ?? "unknown"];
  const lines = [
    `- commit ${code(commit)}${edited}`,
    words`- stack ${stack}, cluster ${uid}, Kubernetes ${version}`,
    `- ${tools.map(({ name, version: of }) => `${code(name)} ${code(of)}`).join(", ")}`,
    words`- made at ${at}`,
    ...(pipeline === undefined ? [] : [words`- pipeline ${pipeline}`]),
    ...transformLines(transforms),
    ...fileLines(files, traffic),
  ];
  return `### Provenance\n\n${lines.join("\n")}`;
}

/** Returns what each transform changes, and its reason. */
function transformLines(transforms: readonly ShownTransform[]): string[] {
  const lines = transforms.map((transform) => {
    const { reason } = transform;
    if ("title" in transform) return words`- transform from code, ${transform.title}: ${reason}`;
    const fields = transform.fields.map((field) => code(field)).join(", ");
    return `${words`- transform of ${transform.object}, `}${fields}: ${code(reason)}`;
  });
  return firstItems(lines, tableText);
}

/** Returns the files of the apps whose releases change, or are refused. */
function fileLines(files: Record<string, string>, traffic: readonly AppTraffic[]): string[] {
  const moving = traffic.filter(({ changes, refusals }) => changes || refusals.length > 0);
  const lines = moving.flatMap(({ app }) => {
    const file = lookup(files, app);
    return file === undefined ? [] : [words`- app ${app} is changed by ${file}`];
  });
  return firstItems(lines, tableText);
}

function shell(lines: readonly string[]): string {
  return block(
    firstLines(
      lines.map((line) => shorten(line, 600)),
      tableText,
    ).join("\n"),
    "sh",
  );
}
