import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { parseAllDocuments } from "yaml";
import { ProgramError } from "../../config";

/** A pinned file of custom resource definitions. */
export interface CrdFile {
  /** Path from the project's folder. */
  file: string;
  /** SHA-256 of the file, hexadecimal. */
  sha256: string;
}

type Definition = k8s.apiextensions.v1.CustomResourceDefinitionArgs & {
  metadata: { name: string };
};

/**
 * Declares every definition of a file.
 * @throws ProgramError when the file is missing or is not the pinned one.
 */
export function customResourceDefinitions(
  source: CrdFile,
  parent: pulumi.Resource,
): k8s.apiextensions.v1.CustomResourceDefinition[] {
  return definitions(source).map(
    (definition) =>
      new k8s.apiextensions.v1.CustomResourceDefinition(definition.metadata.name, definition, {
        parent,
      }),
  );
}

function definitions({ file, sha256 }: CrdFile): Definition[] {
  if (!existsSync(file)) {
    throw new ProgramError(
      `The file ${file} of custom resource definitions is missing; run "npm run crds", which fetches it.`,
    );
  }
  const text = readFileSync(file, "utf8");
  const found = createHash("sha256").update(text).digest("hex");
  if (found !== sha256) {
    throw new ProgramError(
      `The file ${file} has the checksum ${found}, the stack's config pins ${sha256}; run "npm run crds", or correct the config.`,
    );
  }
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Definition | null)
    .filter((definition) => definition !== null);
}
