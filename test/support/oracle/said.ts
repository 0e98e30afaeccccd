import assert from "node:assert/strict";

/** A changed field in a preview's plan. */
export interface SaidLeaf {
  path: string;
  before?: unknown;
  after?: unknown;
}

/** A step in a preview's plan. */
export interface SaidStep {
  op: "create" | "update" | "replace" | "delete" | "import";
  urn: string;
  leaves: SaidLeaf[];
}

/** Row of a release in the traffic table of a web app or a worker; each cell as after the update. */
export interface SaidRelease {
  key: string;
  role: string;
  /** Share of the requests or pods, percent; undefined for a release that ends. */
  weight: number | undefined;
  replicas: string;
}

/** What a preview says, from its JSON and its comment. */
export interface Said {
  /** Exit code of the command. */
  code: number | null;
  comment: string;
  counts: Record<"create" | "update" | "delete", number>;
  unchanged: number;
  steps: SaidStep[];
  dangers: string[];
  errors: string[];
  byHand: unknown[];
  traffic: Map<string, SaidRelease[]>;
  /** Releases whose pods are said to be replaced, as `app key`. */
  replaced: string[];
  hash: string | undefined;
  /** Commands that undo the releases, those that allow deletions, and those that undo everything. */
  undo: { releases: string[]; permits: string[]; everything: string[] };
}

interface ReportFile {
  create: number;
  update: number;
  delete: number;
  dangers: { text: string }[];
  errors: string[];
  changedByHand?: unknown[];
  planHash?: string;
  plan?: { steps: SaidStep[] };
}

/** Reads what a preview says. @param json its report, as it was written to a file. */
export function saidBy(code: number | null, json: string, comment: string): Said {
  const report = JSON.parse(json) as ReportFile;
  const unchanged = /^\d+ to create, .* (\d+) unchanged\.$/m.exec(comment)?.[1];
  assert.ok(unchanged !== undefined, comment);
  const undo = /^### How to undo it\n(.*?)^### /ms.exec(comment)?.[1] ?? "";
  const after = (title: string) =>
    (new RegExp(`^${title}\\n\\n\`\`\`sh\\n(.*?)\\n\`\`\``, "ms").exec(undo)?.[1] ?? "")
      .split("\n")
      .filter((line) => line !== "");
  return {
    ...{ code, comment, unchanged: Number(unchanged), hash: report.planHash },
    counts: { create: report.create, update: report.update, delete: report.delete },
    steps: report.plan?.steps ?? [],
    dangers: report.dangers.map(({ text }) => text),
    errors: report.errors,
    byHand: report.changedByHand ?? [],
    traffic: trafficIn(comment),
    replaced: replacedIn(comment),
    undo: {
      releases: after("The releases alone, at once:"),
      permits: after(".* allow it before you undo everything:"),
      everything: after("Everything:"),
    },
  };
}

function trafficIn(comment: string): Map<string, SaidRelease[]> {
  const section = /^### Traffic\n(.*?)^### /ms.exec(comment)?.[1] ?? "";
  const all = [...section.matchAll(/^`([\w-]+)`[^\n]*\n\n```\n([^`]*)\n```/gm)];
  return new Map(all.map(([, app = "", table = ""]) => [app, releasesIn(table)]));
}

function replacedIn(comment: string): string[] {
  const section = /^### Traffic\n(.*?)^### /ms.exec(comment)?.[1] ?? "";
  return section.split(/\n(?=`[\w-]+`)/).flatMap((part) => {
    const app = /^\n?`([\w-]+)`/.exec(part)?.[1] ?? "";
    return [...part.matchAll(/^- `replace the pods of (\S+):/gm)].map(([, key]) => `${app} ${key}`);
  });
}

function releasesIn(table: string): SaidRelease[] {
  const [head = "", ...rows] = table.split("\n");
  const titles = [...head.matchAll(/\S+/g)].map((it) => ({ title: it[0], from: it.index }));
  const cell = (row: string, name: string) => {
    const index = titles.findIndex(({ title }) => title === name);
    if (index < 0) return "";
    const text = row.slice(titles[index]?.from, titles[index + 1]?.from).trim();
    return text.split(" → ").at(-1) ?? "";
  };
  return rows.map((row) => {
    const weight = cell(row, "WEIGHT");
    return {
      ...{ key: cell(row, "RELEASE"), role: cell(row, "ROLE"), replicas: cell(row, "REPLICAS") },
      weight: weight === "-" ? undefined : Number(weight.replace("%", "")),
    };
  });
}
