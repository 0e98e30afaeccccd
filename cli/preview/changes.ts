import { isOfApp } from "../../engine/state";
import { changedLeaves, type Leaf } from "./leaves";
import { essenceOf } from "./essence";
import { block, code, shorten, firstLines, foldedBlock, words } from "./markdown";
import { leafText } from "./plan";
import { byParent, pairReplacements, titleOf, titlesOf, type Operation, type Step } from "./steps";

/** Maximum length of one changed field. */
const longestLeaf = 600;
/** Maximum length of the list of fields of one change. */
const longestBlock = 4000;

/** Objects with exactly the same change. */
interface Group {
  op: Operation;
  objects: Step[];
  leaves: Leaf[];
  /** Whether the update changes nothing in the objects and only waits for them. */
  awaited: boolean;
}

/**
 * Returns the changes, an item for each group of objects: replacements and updates first.
 * @param steady names of the objects of steady releases.
 */
export function changeItems(steps: readonly Step[], steady: readonly string[] = []): string[] {
  const real = pairReplacements(steps).filter(({ real }) => real);
  const spared = new Set(notWaitedFor(steps, steady).map(({ urn }) => urn));
  const changed = groups(
    real.filter(({ op }) => op === "update" || op === "replace"),
    spared,
  );
  const inOrder = [
    ...changed.filter(({ op }) => op === "replace"),
    ...changed.filter(({ op }) => op === "update"),
  ];
  const others = (["delete", "create", "import"] as const).flatMap((op) =>
    byParent(real.filter((step) => step.op === op)).map((objects) => listText(op, objects)),
  );
  return [...inOrder.map(groupText), ...others];
}

/** Returns how many objects are created, updated and deleted. A replaced object is deleted and created. */
export function counts(steps: readonly Step[]): Record<"create" | "update" | "delete", number> {
  const real = steps.filter(({ real }) => real);
  const of = (...ops: Operation[]) => real.filter(({ op }) => ops.includes(op)).length;
  return {
    create: of("create", "replace"),
    update: of("update", "import"),
    delete: of("delete", "replace"),
  };
}

/** Groups objects whose changes differ only by the names of the objects. */
function groups(steps: readonly Step[], spared: ReadonlySet<string>): Group[] {
  const found = new Map<string, Group>();
  for (const step of steps) {
    const leaves = changedLeaves(step);
    const general = leaves.map((leaf) => withoutNames(step, leaf));
    const awaited = !spared.has(step.urn);
    const key = JSON.stringify([step.op, step.kind, general, isAwaited(step, leaves), awaited]);
    const group = found.get(key);
    if (group === undefined) found.set(key, { op: step.op, objects: [step], leaves, awaited });
    else found.set(key, { ...group, objects: [...group.objects, step], leaves: general });
  }
  return [...found.values()];
}

/** Whether an update changes no field, and only waits for the object. */
function isAwaited({ op, unready }: Step, leaves: readonly Leaf[]): boolean {
  return op === "update" && unready && leaves.length === 0;
}

function withoutNames(step: Step, leaf: Leaf): Leaf {
  const { name, namespace = "" } = step;
  const component = step.parent?.split(" ").slice(1).join(" ") ?? "";
  const names = [
    [name, "‹name›"],
    [component, "‹component›"],
    [namespace, "‹namespace›"],
  ] as const;
  const text = names
    .filter(([word]) => word.length > 2)
    .reduce((json, [word, mark]) => json.replaceAll(asJson(word), mark), JSON.stringify(leaf));
  return JSON.parse(text) as Leaf;
}

/** Returns a word as it is written in JSON. */
function asJson(word: string): string {
  return JSON.stringify(word).slice(1, -1);
}

function groupText({ op, objects, leaves, awaited }: Group): string {
  const texts = leaves.filter(isText);
  const lines = leaves
    .filter((leaf) => !isText(leaf))
    .map((leaf) => shorten(leafText(leaf), longestLeaf));
  const [first] = objects;
  const fields =
    first !== undefined && isAwaited(first, leaves)
      ? `: ${awaited ? "waited for again, because it was" : "not waited for by npx platform up; it was"} not ready at the last update or refresh`
      : [
          ...(lines.length === 0 ? [] : [block(firstLines(lines, longestBlock).join("\n"))]),
          ...texts.map((leaf) => block(firstLines(diff(leaf), longestBlock).join("\n"), "diff")),
        ]
          .map((part) => `\n\n${part}`)
          .join("");
  if (objects.length === 1 && first !== undefined) {
    const part = first.parent === undefined ? "" : words` of ${first.parent}`;
    return `**${op}** ${code(titleOf(first))}${part}${fields}`;
  }
  return `**${op}** ${objects.length} objects in the same way: ${titlesOf(objects)}${fields}`;
}

/**
 * Returns the steps that would only wait for an object again, if the update also changes apps: a release does
 * not wait for a part of the platform that was already not ready, nor for the pods of a steady release.
 * @param steady names of the objects of steady releases.
 */
export function notWaitedFor(steps: readonly Step[], steady: readonly string[] = []): Step[] {
  const isSteady = ({ kind, name }: Step) => kind === "Deployment" && steady.includes(name);
  const spared = steps.filter(
    (step) => (!isOfApp(step.urn) || isSteady(step)) && isAwaited(step, changedLeaves(step)),
  );
  return steps.some((step) => isOfApp(step.urn) && !spared.includes(step)) ? spared : [];
}

/** Whether lines of a text change, as in a file of a ConfigMap or in a script. */
function isText({ path, before, after }: Leaf): boolean {
  const isLong = [before, after].some((it) => typeof it === "string" && it.includes("\n"));
  return isLong || / line \d+$/.test(path);
}

/** Returns the lines of a text that are removed and added. */
function diff({ path, before, after }: Leaf): string[] {
  const lines = (mark: string, value: unknown) =>
    value === undefined
      ? []
      : String(value)
          .split("\n")
          .map((line) => shorten(`${mark} ${line}`, longestLeaf));
  return [`@@ ${path} @@`, ...lines("-", before), ...lines("+", after)];
}

function listText(op: Operation, objects: readonly Step[]): string {
  const parent = objects[0]?.parent;
  const where = parent === undefined ? "" : words` in ${parent}`;
  const title = `**${op}**${where}: ${titlesOf(objects)}`;
  const lines = op === "create" ? objects.flatMap(essence) : [];
  if (lines.length === 0) return title;
  return `${title}\n\n${foldedBlock("Their main fields", block(firstLines(lines, longestBlock).join("\n")))}`;
}

/** Returns a line about a new object, if it has fields that matter for a decision. */
function essence(step: Step): string[] {
  const text = step.after === undefined ? "" : essenceOf(step.after);
  return text === "" ? [] : [shorten(`${titleOf(step)}: ${text}`, longestLeaf)];
}
