import { ProgramError } from "../../config";
import { expected } from "../../config/errors";
import { isMap } from "../../config/is-map";

/** What a rendering gave. */
export interface Rendered {
  objects: unknown[];
  /** What a person should know of it. */
  notes: string[];
}

const hookKey = "helm.sh/hook";

/**
 * What is left of a chart without its hooks: Jobs and other objects that Helm itself makes before or
 * after an installation, which nothing here runs.
 * @throws ProgramError when there are some, and the config does not say that they may be left out.
 */
export function withoutHooks(objects: unknown[], hooks: "refuse" | "skip"): Rendered {
  const isTest = (object: unknown) => hooksOf(object).every((hook) => /^test/.test(hook));
  const found = objects.filter((object) => hooksOf(object).length > 0 && !isTest(object));
  if (found.length > 0 && hooks === "refuse") {
    throw new ProgramError(
      expected(
        "a chart without hooks, which Helm runs and Pulumi does not",
        found.map(described).join(", "),
        "switch them off in its values, or set hooks: skip where it works without them",
      ),
    );
  }
  return {
    objects: objects.filter((object) => hooksOf(object).length === 0),
    notes: found.map((object) => `left out: ${described(object)}, a hook`),
  };
}

function hooksOf(object: unknown): string[] {
  const hook = annotationsOf(object)[hookKey];
  return typeof hook === "string" ? hook.split(",").map((each) => each.trim()) : [];
}

function annotationsOf(object: unknown): Record<string, unknown> {
  const metadata = isMap(object) && isMap(object["metadata"]) ? object["metadata"] : {};
  return isMap(metadata["annotations"]) ? metadata["annotations"] : {};
}

function described(object: unknown): string {
  const { kind, metadata } = object as { kind?: unknown; metadata: { name?: unknown } };
  return `${String(kind)} ${String(metadata.name)} (${hooksOf(object).join(", ")})`;
}
