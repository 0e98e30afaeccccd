import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { parseAllDocuments } from "yaml";
import { ProgramError } from "../../config";
import { withoutDescriptions } from "./crd-descriptions";

/** A pinned file of custom resource definitions: YAML documents, or a JSON `List`. */
export interface CrdFile {
  /** Path relative to the project. A file that ends in `.json` is parsed a hundred times as fast. */
  file: string;
  /** SHA-256 of the file, hexadecimal. */
  sha256: string;
}

type Definition = k8s.apiextensions.v1.CustomResourceDefinitionArgs & {
  kind: "CustomResourceDefinition";
  metadata: { name: string };
};

/**
 * Declares every CRD of a file.
 * @throws ProgramError if the file is missing or has another checksum.
 */
export function customResourceDefinitions(
  source: CrdFile,
  parent: pulumi.Resource,
): k8s.apiextensions.v1.CustomResourceDefinition[] {
  return definitions(source).map(
    (definition) =>
      new k8s.apiextensions.v1.CustomResourceDefinition(
        definition.metadata.name,
        withoutDescriptions(definition),
        { parent },
      ),
  );
}

function definitions({ file, sha256 }: CrdFile): Definition[] {
  if (!isFile(file)) {
    const next = file.startsWith(".local/crds/")
      ? 'run "npx platform crds", which fetches those of the versions that the program knows'
      : "correct its path, from the project's folder, in the stack's config";
    throw new ProgramError(
      `${file}: expected a file of custom resource definitions, got no such file; ${next}.`,
    );
  }
  const text = readFileSync(file, "utf8");
  const found = createHash("sha256").update(text).digest("hex");
  if (found !== sha256) {
    throw new ProgramError(
      `${file}: expected the checksum ${sha256}, which the stack's config pins, got ${found}; run "npx platform crds", or correct the config.`,
    );
  }
  const declared = documents(file, text)
    .filter((document) => document !== null)
    .flatMap((document) => ("items" in Object(document) ? (document as List).items : document));
  if (declared.every(isDefinition)) return declared;
  throw new ProgramError(`${file}: expected only custom resource definitions, got other objects.`);
}

/** Also false for a path below a file, for which `statSync` throws. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

interface List {
  items: unknown[];
}

function isDefinition(document: unknown): document is Definition {
  const { kind, metadata } = Object(document) as Partial<Definition>;
  return kind === "CustomResourceDefinition" && typeof metadata?.name === "string";
}

function documents(file: string, text: string): unknown[] {
  if (file.endsWith(".json")) return [json(file, text)];
  return parseAllDocuments(text).map((document) => document.toJS() as unknown);
}

function json(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ProgramError(
      `${file}: expected JSON, got a parse error: ${(error as Error).message}`,
    );
  }
}
