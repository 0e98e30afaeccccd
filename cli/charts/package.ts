import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { ProgramError } from "../../config";
import type { ChartConfig } from "../../config/components/charts";
import { expected } from "../../config/errors";
import { ensureBinary } from "../../local/toolchain/install";
import { localFolder } from "../../local/toolchain/paths";
import { CommandFailed, run } from "../../local/toolchain/run";
import { sha256 } from "../../program/charts/files";

/** The source of a chart: a package in a repository, or a folder. */
type Source = Pick<ChartConfig, "repository" | "chart" | "version" | "digest">;

/**
 * Returns the path of the chart to render: a folder of the project, or a package with the expected digest. A
 * package that was fetched before is not fetched again.
 * @throws ProgramError if it cannot be fetched, or has another digest.
 */
export async function chartPackage(
  source: Source,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const { chart, repository, digest = "" } = source;
  if (repository === undefined) {
    const path = join(folder, chart);
    if (existsSync(join(path, "Chart.yaml"))) return path;
    throw new ProgramError(expected("a folder with a Chart.yaml", chart));
  }
  const kept = join(localFolder, "charts", `${digest.replace("sha256:", "")}.tgz`);
  if (existsSync(kept) && digestOf(kept) === digest) return kept;
  const { path, remove } = await fetchPackage(source, environment);
  try {
    const found = digestOf(path);
    if (found !== digest) {
      throw new ProgramError(
        expected(
          `a package with the digest ${digest}`,
          found,
          "the package is not used; find out why it changed before you correct the digest",
        ),
      );
    }
    renameSync(path, kept);
    return kept;
  } finally {
    remove();
  }
}

/** Returns the digest of the package that a repository currently has. */
export async function fetchDigest(source: Source, environment: NodeJS.ProcessEnv): Promise<string> {
  const { path, remove } = await fetchPackage(source, environment);
  try {
    return digestOf(path);
  } finally {
    remove();
  }
}

async function fetchPackage(
  { repository = "", chart, version = "" }: Source,
  environment: NodeJS.ProcessEnv,
) {
  const all = join(localFolder, "charts");
  mkdirSync(all, { recursive: true });
  const place = mkdtempSync(join(all, "pull-"));
  const remove = () => rmSync(place, { recursive: true, force: true });
  const isOci = repository.startsWith("oci://");
  const from = isOci
    ? [`${repository.replace(/\/$/, "")}/${chart}`]
    : [chart, "--repo", repository];
  try {
    const helm = await ensureBinary("helm");
    // Plain HTTP is only for registries on this computer, such as those of tests.
    const plain = isOci && /^oci:\/\/(127\.|localhost)/.test(repository) ? ["--plain-http"] : [];
    const args = ["pull", ...from, "--version", version, "--destination", place, ...plain];
    await run(helm, args, { env: environment });
  } catch (error) {
    remove();
    if (!(error instanceof CommandFailed)) throw error;
    throw new ProgramError(
      expected(`chart ${chart} ${version} in ${repository}`, error.output.trim()),
    );
  }
  const name = readdirSync(place).find((file) => file.endsWith(".tgz"));
  if (name === undefined) {
    remove();
    throw new ProgramError(expected(`a package of chart ${chart}`, "no file from the repository"));
  }
  return { path: join(place, name), remove };
}

function digestOf(path: string): string {
  return `sha256:${sha256(readFileSync(path))}`;
}
