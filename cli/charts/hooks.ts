import { ProgramError } from "../../config";
import { expected } from "../../config/errors";
import { isMap } from "../../config/is-map";

/** Result of a rendering. */
export interface Rendered {
  objects: unknown[];
  /** Notes for people. */
  notes: string[];
}

const hookKey = "helm.sh/hook";

/**
 * Returns the objects of a chart without its hooks: Jobs and other objects that Helm creates before or after an
 * installation, and that nothing runs here.
 * @throws ProgramError if there are hooks, and the config does not allow skipping them.
 */
export function withoutHooks(objects: unknown[], hooks: "refuse" | "skip"): Rendered {
  const isTest = (object: unknown) => hooksOf(object).every((hook) => /^test/.test(hook));
  const found = objects.filter((object) => hooksOf(object).length > 0 && !isTest(object));
  if (found.length > 0 && hooks === "refuse") {
    throw new ProgramError(
      expected(
        "a chart without hooks, because only Helm runs them",
        found.map(described).join(", "),
        "disable them in its values, or set hooks: skip if it works without them",
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
