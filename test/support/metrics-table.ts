import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../local/toolchain/paths";

/** A row of the first table of docs/metrics.md. */
export interface MetricsRow {
  what: string;
  metrics: string[];
  job: string;
}

const page = readFileSync(join(checkout, "docs", "metrics.md"), "utf8");

/** The rows of that table. */
export const metricsRows: MetricsRow[] = page
  .slice(0, page.indexOf("## Which pods are scraped"))
  .split("\n")
  .filter((line) => line.startsWith("| ") && line.includes("`"))
  .map((line) => {
    const [, what = "", metrics = "", job = ""] = line.split("|").map((cell) => cell.trim());
    return { what, metrics: quoted(metrics), job: quoted(job)[0] ?? "" };
  });

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}
