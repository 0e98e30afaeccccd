import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { app as appSchema } from "../../config/app";
import { appsFolder } from "../../config/app-files";
import { presetNames } from "../../versions/app-runtimes";
import { configErrors } from "../../config/issues";
import { name } from "../../config/values";

/** Values of a new app's file. */
export interface NewApp {
  app: string;
  environment: string;
  team: string;
  preset: string;
  domain: string;
  /** Image repository without a tag. */
  image: string;
  repository?: string;
}

/** Returns the path of an app's file. */
export function appFile(environment: string, app: string): string {
  return `${appsFolder}/${environment}/${app}.yaml`;
}

/** Returns the text of a new app's file, with a comment that explains each key. */
export function newAppText({ app, team, preset, domain, image, repository }: NewApp): string {
  const lines = [
    "# yaml-language-server: $schema=../../docs/reference/app.schema.json",
    `# App ${app}. How to release it: docs/guides/first-release.md`,
    "# Team that owns the app; its namespace is <team>-<environment>.",
    `team: ${team}`,
    `# Sets the port, probes and resources. One of: ${presetNames.join(", ")}.`,
    `preset: ${preset}`,
    "# Host name of the app at the gateway.",
    `domain: ${domain}`,
    "# Image repository; the tag is the version of a release.",
    `image: ${image}`,
    ...(repository === undefined
      ? [
          "# Git repository that CI builds the image from:",
          "# repository: https://git.example.com/team/app.git",
        ]
      : ["# Git repository that CI builds the image from.", `repository: ${repository}`]),
    "# Number of pods; the autoscaler chooses a number between the two.",
    "scaling: { min: 2, max: 10 }",
    "# Releases are written here by: npx platform release canary <app> <version> --stack <stack>",
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * Writes a new app's file.
 * @returns its path.
 * @throws Error if a value is not valid, or if the app already has a file.
 */
export function writeNewApp(given: NewApp, folder = "."): string {
  const { app, environment } = given;
  const problems = [...nameProblem("app", app), ...nameProblem("environment", environment)];
  const { team, preset, domain, image, repository } = given;
  const parsed = appSchema
    .pick({ team: true, preset: true, domain: true, image: true, repository: true })
    .safeParse({ team, preset, domain, image, repository }, { reportInput: true });
  if (!parsed.success) {
    for (const { key, message } of configErrors("", appSchema, parsed.error.issues, undefined)) {
      problems.push(`${key.replace(/^\./, "")}: ${message}`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const path = appFile(environment, app);
  if (existsSync(join(folder, path))) {
    throw new Error(`${path} exists; edit it, or choose another name for the app.`);
  }
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), newAppText(given), { flag: "wx" });
  return path;
}

function nameProblem(what: string, value: string): string[] {
  const result = name.safeParse(value);
  return result.success ? [] : [`${what}: ${z.prettifyError(result.error).replace(/^✖ /, "")}`];
}
