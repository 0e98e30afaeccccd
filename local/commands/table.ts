import { binary } from "../toolchain/install";
import { run } from "../toolchain/run";
import type { Cluster } from "../cluster/paths";
import { simulatedLabel } from "../machines/placement";

interface Pod {
  metadata: { namespace: string; name: string };
  spec: {
    nodeName?: string;
    nodeSelector?: Record<string, string>;
    containers?: { image: string }[];
  };
  status: { phase?: string; conditions?: { type: string; status: string }[] };
}

/** A part of the platform, or the apps of a team. */
export interface PartRow {
  part: string;
  pods: number;
  runs: number;
  /** Number of ready pods among the running ones. */
  ready: number;
  /** Number of pods with a program of the project's own instead of the official one; they are not in `runs`. */
  standIns: number;
  simulated: number;
}

/**
 * Returns what runs and what is simulated, by part: the namespace of its pods.
 * @param standIns images with programs of the project's own.
 */
export async function partRows(
  { kubeconfig }: Cluster,
  standIns: readonly string[],
): Promise<PartRow[]> {
  const args = ["--kubeconfig", kubeconfig, "get", "pods", "--all-namespaces", "-o", "json"];
  const { items } = JSON.parse(await run(binary("kubectl"), args)) as { items: Pod[] };
  return rows(items, standIns);
}

/** Counts pods. A completed pod of a Job counts as ready. */
export function rows(pods: readonly Pod[], standIns: readonly string[] = []): PartRow[] {
  const parts = new Map<string, PartRow>();
  for (const { metadata, spec, status } of pods) {
    const part = metadata.namespace;
    const row = parts.get(part) ?? { part, pods: 0, runs: 0, ready: 0, standIns: 0, simulated: 0 };
    row.pods++;
    if (simulated(spec)) row.simulated++;
    else if (spec.containers?.some(({ image }) => standIns.includes(image))) row.standIns++;
    else {
      row.runs++;
      const ready = status.conditions?.some((it) => it.type === "Ready" && it.status === "True");
      if (ready === true || status.phase === "Succeeded") row.ready++;
    }
    parts.set(part, row);
  }
  return [...parts.values()].sort((a, b) => (a.part < b.part ? -1 : 1));
}

function simulated({ nodeName, nodeSelector }: Pod["spec"]): boolean {
  const [[label, value] = ["", ""]] = Object.entries(simulatedLabel);
  return nodeSelector?.[label] === value || nodeName?.startsWith("node-") === true;
}

/** Returns the rows as text, with the URLs of parts that have one. */
export function partTable(rows: readonly PartRow[], addresses: Record<string, string>): string {
  const total = rows.reduce(
    (sum, row) => ({
      ...sum,
      pods: sum.pods + row.pods,
      runs: sum.runs + row.runs,
      ready: sum.ready + row.ready,
      standIns: sum.standIns + row.standIns,
      simulated: sum.simulated + row.simulated,
    }),
    { part: "all", pods: 0, runs: 0, ready: 0, standIns: 0, simulated: 0 },
  );
  const line = (cells: string[]) =>
    `  ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd();
  return [
    line(["part", "pods", "runs", "stand-in", "simulated", "address"]),
    ...[...rows, total].map((row) =>
      line([
        row.part,
        String(row.pods),
        row.runs === 0 ? "-" : `${row.runs} (${row.ready} ready)`,
        row.standIns === 0 ? "-" : String(row.standIns),
        row.simulated === 0 ? "-" : String(row.simulated),
        addresses[row.part] ?? "",
      ]),
    ),
  ].join("\n");
}

const widths = [18, 4, 14, 8, 9];
