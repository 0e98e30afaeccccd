import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { ProgramError } from "../../config";
import { expected } from "../../config/errors";
import { isMap } from "../../config/is-map";
import { ensureBinary } from "../../local/toolchain/install";
import { CommandFailed, run } from "../../local/toolchain/run";
import type { PackageEntry } from "../../program/charts/entries";
import { filesBelow, readProjectFile } from "../../program/charts/files";
import { yamlObjects } from "../../program/charts/lock";
import { withoutHooks, type Rendered } from "./hooks";
import { chartPackage } from "./package";

/** Environment that prevents a chart or a kustomization from accessing the network during the rendering. */
const offline = {
  HTTP_PROXY: "http://127.0.0.1:9",
  HTTPS_PROXY: "http://127.0.0.1:9",
  NO_PROXY: "",
};

/**
 * Renders a chart or a kustomization with the pinned tool, twice.
 * @throws ProgramError if it cannot be rendered, or if the results differ.
 */
export async function renderPackage(entry: PackageEntry, folder = "."): Promise<Rendered> {
  const temporary = mkdtempSync(join(tmpdir(), "charts-"));
  try {
    const render = await renderer(entry, folder, temporary);
    const [one, other] = [await render(), await render()];
    refuseRandomContent(one, other);
    return entry.kind === "charts"
      ? withoutHooks(one, entry.config.hooks)
      : { objects: one, notes: [] };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function renderer(
  entry: PackageEntry,
  folder: string,
  temporary: string,
): Promise<() => Promise<unknown[]>> {
  const env = {
    ...process.env,
    ...offline,
    HELM_CACHE_HOME: temporary,
    HELM_CONFIG_HOME: temporary,
  };
  if (entry.kind === "manifests") {
    const { folder: source, kustomization = "." } = entry.config;
    refuseRemote(source, folder);
    // Renders a copy: files next to the folder are not among the checked files, and cannot be reached.
    const copy = join(temporary, "kustomization");
    cpSync(join(folder, source), copy, { recursive: true, dereference: true });
    const kustomize = await ensureBinary("kustomize");
    return () => objectsOf("kustomize", kustomize, ["build", join(copy, kustomization)], env);
  }
  const { config, name, namespace, kubernetes } = entry;
  const chart = await chartPackage(config, folder, process.env);
  const values = join(temporary, "values.yaml");
  writeFileSync(values, stringify(config.values));
  const files = config.valuesFiles.map((path) => {
    readProjectFile(path, folder);
    return join(folder, path);
  });
  const helm = await ensureBinary("helm");
  const args = [
    ...["template", name, chart, "--namespace", namespace, "--include-crds"],
    ...["--kube-version", `${kubernetes}.0`],
    ...[...files, values].flatMap((file) => ["--values", file]),
  ];
  return () => objectsOf("helm", helm, args, env);
}

async function objectsOf(
  tool: string,
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<unknown[]> {
  try {
    return yamlObjects(await run(command, args, { env }), `the output of ${tool}`);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new ProgramError(expected(`a source that ${tool} can render`, error.output.trim()));
  }
}

/** Refuses renderings that differ: random passwords, certificates and times would replace running objects each time. */
function refuseRandomContent(one: unknown[], other: unknown[]): void {
  const index = one.findIndex((object, at) => !isDeepStrictEqual(object, other[at]));
  if (index < 0 && one.length === other.length) return;
  const object = one[index];
  const { name } = (isMap(object) && isMap(object["metadata"]) ? object["metadata"] : {}) as {
    name?: unknown;
  };
  const title = isMap(object) ? `${String(object["kind"])} ${String(name)}` : "their number";
  throw new ProgramError(
    expected(
      "the same objects each time",
      `a difference between two renderings: ${title}`,
      "replace the generated value, such as a password, with a Secret in the cluster",
    ),
  );
}

/** Refuses remote resources, because kustomizations cannot pin their digest. */
function refuseRemote(source: string, folder: string): void {
  const remote =
    /^\s*-?\s*(?:[\w-]+:\s*)?["']?((?:https?|ssh|git|oci):\/\/\S+|git@\S+|github\.com\/\S+)/m;
  for (const path of filesBelow(source, folder)) {
    if (!/(^|\/)kustomization(\.ya?ml)?$/i.test(path)) continue;
    const text = readFileSync(join(folder, source, path), "utf8");
    const found = remote.exec(text)?.[1];
    if (found !== undefined) {
      const next = "copy it into the folder";
      throw new ProgramError(expected(`only files of ${source}`, `${found} in ${path}`, next));
    }
    if (/^helmCharts?:/m.test(text)) {
      const next = "declare the chart under platform:components.charts";
      throw new ProgramError(expected(`no chart in ${path}`, "helmCharts", next));
    }
  }
}
