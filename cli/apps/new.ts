import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { app as appSchema } from "../../config/app";
import { kindChecks } from "../../config/checks/kinds";
import { configErrors } from "../../config/issues";
import { misplacedKeys } from "../../config/misplaced-keys";
import { name } from "../../config/values";
import { appFile, newAppKeys, newAppText, type NewApp } from "./new-text";

/**
 * Writes a new app's file.
 * @returns its path.
 * @throws Error if a value is not valid, or if the app already has a file.
 */
export function writeNewApp(given: NewApp, folder = "."): string {
  const { app, environment } = given;
  const problems = [
    ...nameProblem("app", app),
    ...nameProblem("environment", environment),
    ...keyProblems(app, newAppKeys(given)),
  ];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const path = appFile(environment, app);
  if (existsSync(join(folder, path))) {
    throw new Error(`${path} exists; edit it, or choose another name for the app.`);
  }
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), newAppText(given), { flag: "wx" });
  return path;
}

/** Returns the errors of the keys, by the schema and by the rules of the app's kind. */
function keyProblems(app: string, keys: Record<string, unknown>): string[] {
  const parsed = appSchema.safeParse(keys, { reportInput: true });
  const errors = parsed.success
    ? [...misplacedKeys({ [app]: keys }), ...kindChecks([[app, parsed.data]], {})]
    : configErrors("", appSchema, parsed.error.issues, undefined);
  const prefix = `platform:apps.${app}`;
  return errors.map(({ key, message }) => {
    const inner = key.startsWith(prefix) ? key.slice(prefix.length) : key;
    return `${inner.replace(/^\./, "")}: ${message}`;
  });
}

function nameProblem(what: string, value: string): string[] {
  const result = name.safeParse(value);
  return result.success ? [] : [`${what}: ${z.prettifyError(result.error).replace(/^✖ /, "")}`];
}
