import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { PackageObject } from "../../components/charts/kinds";
import { ProgramError } from "../../config";
import { isMap } from "../../config/is-map";
import { canonical } from "../../releases/template";
import { renderers } from "../../versions/charts";
import type { PackageEntry } from "./entries";
import { checksumsBelow, filesBelow, readProjectFile, sha256 } from "./files";

/** Content of a rendered file. */
interface Rendering {
  /** The tool that wrote it. */
  by: string;
  /** Checksum of its sources. */
  from: string;
  /** Checksum of the objects. */
  sha256: string;
  objects: unknown[];
}

/** Returns the command that renders a chart, for messages. */
export function updateCommand({ stack, name }: Pick<PackageEntry, "stack" | "name">): string {
  return `npx platform charts update ${stack} ${name}`;
}

/** Returns the path of the rendered file, relative to the project's folder. The file must be committed. */
export function renderingFile({ stack, name }: Pick<PackageEntry, "stack" | "name">): string {
  return `rendered/${stack}/${name}.json`;
}

/** Whether a chart or kustomization must be rendered with another program. */
export function needsRendering(entry: PackageEntry): boolean {
  return entry.kind === "charts" || entry.config.kustomization !== undefined;
}

/**
 * Returns the checksum of everything that a rendering depends on, which shows whether the rendering is
 * outdated.
 * @throws ProgramError if a file is missing.
 */
export function inputsChecksum(entry: PackageEntry, folder = "."): string {
  const { name, namespace, kubernetes } = entry;
  if (entry.kind === "manifests") {
    const { folder: source, kustomization } = entry.config;
    const files = checksumsBelow(source, folder);
    const tool = { kustomize: renderers.kustomize };
    return sha256(canonical({ name, namespace, tool, source, kustomization, files }));
  }
  const { repository, chart, version, digest, values, valuesFiles, hooks } = entry.config;
  const files = repository === undefined ? checksumsBelow(chart, folder) : {};
  const valuesTexts = valuesFiles.map((path) => sha256(readProjectFile(path, folder)));
  const source = { repository, chart, version, digest, files };
  const tool = { helm: renderers.helm, kubernetes };
  return sha256(canonical({ name, namespace, tool, source, values, valuesTexts, hooks }));
}

/** Returns the text of a rendered file. */
export function renderingText(entry: PackageEntry, objects: PackageObject[], folder = "."): string {
  const rendering: Rendering = {
    by: updateCommand(entry),
    from: inputsChecksum(entry, folder),
    sha256: sha256(canonical(objects)),
    objects,
  };
  return `${JSON.stringify(rendering, null, 2)}\n`;
}

/**
 * Returns the objects of a chart or of manifests from the committed files.
 * @throws ProgramError if they are not rendered, or if the rendering is outdated.
 */
export function readObjects(entry: PackageEntry, folder = "."): unknown[] {
  if (!needsRendering(entry) && entry.kind === "manifests") {
    return plainObjects(entry.config.folder, folder);
  }
  const file = renderingFile(entry);
  const next = `run ${updateCommand(entry)}, and commit ${file}`;
  if (!existsSync(join(folder, file))) {
    throw new ProgramError(`expected its rendered objects in ${file}, got no such file; ${next}`);
  }
  const rendering = parseRendering(readFileSync(join(folder, file), "utf8"));
  if (rendering === undefined) {
    throw new ProgramError(`expected rendered objects in ${file}, got something else; ${next}`);
  }
  if (rendering.sha256 !== sha256(canonical(rendering.objects))) {
    throw new ProgramError(`expected ${file} as it was rendered, got an edited file; ${next}`);
  }
  if (rendering.from !== inputsChecksum(entry, folder)) {
    throw new ProgramError(
      `expected ${file} to match the config and its files, got an outdated file; ${next}`,
    );
  }
  return rendering.objects;
}

function parseRendering(text: string): Rendering | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isMap(value) && Array.isArray(value["objects"])
      ? (value as unknown as Rendering)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Returns every object in the YAML files of a folder. */
function plainObjects(source: string, folder: string): unknown[] {
  const files = filesBelow(source, folder).filter((path) => /\.ya?ml$/.test(path));
  if (files.length === 0) {
    throw new ProgramError(`expected a folder with .yaml files, got ${source}`);
  }
  if (files.some((path) => /(^|\/)kustomization\.ya?ml$/i.test(path))) {
    const next = 'set kustomization, for example to "."';
    throw new ProgramError(`expected no kustomization in ${source}, got one; ${next}`);
  }
  return files.flatMap((path) =>
    yamlObjects(readFileSync(join(folder, source, path), "utf8"), path),
  );
}

/**
 * Returns the documents of a YAML text; the items of lists are separate objects.
 * @throws ProgramError for invalid YAML.
 */
export function yamlObjects(text: string, path: string): unknown[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new ProgramError(`expected YAML in ${path}, got: ${error.message.split("\n")[0]}`);
    }
    const value = document.toJS() as unknown;
    if (value === null) return [];
    const isList =
      isMap(value) && typeof value["kind"] === "string" && Array.isArray(value["items"]);
    return isList && String(value["kind"]).endsWith("List")
      ? (value["items"] as unknown[])
      : [value];
  });
}
