import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { AppConfig, DeclaredApp } from "./app";
import { errorInFile, readAppFiles, withAppFiles, type AppFiles } from "./app-files";
import { branchStack } from "./branch";
import { crossChecks } from "./checks";
import type { ParsedSections } from "./checks/sections";
import { checkWithoutPrometheus } from "./checks/releases";
import { withConfigDirs } from "./config-dir";
import { expected, InvalidConfig, keyOf, show, unknownKey, type ConfigError } from "./errors";
import { findUnusableKeys } from "./unusable-keys";
import { strayKeys } from "./prefixes";
import { configErrors } from "./issues";
import { misplacedKeys } from "./misplaced-keys";
import { withPrometheus } from "./prometheus";
import { stackShape, type StackConfig, type StackSections } from "./stack";

const namespace = "platform";

/**
 * Returns the validated config of the current stack. An empty value counts as a missing one: the defaults in
 * the project file are empty, so that this function reports what is missing, and not the engine.
 * @throws InvalidConfig with every error, each with its key.
 */
export function readStack(): StackConfig {
  const prefix = `${namespace}:`;
  const all = pulumi.runtime.allConfig();
  const stray = strayKeys(Object.keys(all));
  const problems = [...stray, ...encryptedSections(secretKeys(), prefix)];
  if (problems.length > 0) throw new InvalidConfig(pulumi.getStack(), problems);
  const values = Object.entries(all)
    .filter(([key, text]) => key.startsWith(prefix) && text !== "")
    .map(([key, text]) => [key.slice(prefix.length), decode(text)] as const);
  return parseStack(pulumi.getStack(), Object.fromEntries(values));
}

/**
 * Returns a stack's config from plain values, as they are under `config:` in its file.
 * @param given values by key, without `platform:`.
 * @param files the app files that the stack names, if they differ from those on the disk.
 * @param folder the project's folder, to which the paths of files are relative.
 */
export function parseStack(
  stack: string,
  given: Record<string, unknown>,
  files?: AppFiles,
  folder = ".",
): StackConfig {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    const message = expected("a mapping of keys", show(given));
    throw new InvalidConfig(stack, [{ key: `${namespace}:`, message }]);
  }
  const found = files ?? readAppFiles(given["appFiles"], folder);
  const fail = (errors: ConfigError[]) =>
    new InvalidConfig(
      stack,
      errors.map((error) => errorInFile(error, found.origins)),
    );
  const merged = withAppFiles(given, found);
  const { apps, errors: dirErrors } = withConfigDirs(merged.values["apps"], folder);
  const values = apps === undefined ? merged.values : { ...merged.values, apps };
  // The code below relies on finite nesting.
  const problems = findUnusableKeys(`${namespace}:`, values);
  if (problems.length > 0) throw fail(problems);
  const errors: ConfigError[][] = [unknownKeys(values), merged.errors, dirErrors];
  const parsed: Record<string, unknown> = {};
  for (const [section, schema] of Object.entries(stackShape) as [string, z.ZodType][]) {
    const key = `${namespace}:${section}`;
    // Compiled checks are for many values: a section is read once.
    const result = schema.safeParse(values[section], { reportInput: true, jitless: true });
    if (result.success) parsed[section] = result.data;
    else errors.push(configErrors(key, schema, result.error.issues, values[section]));
  }
  const { checkRequired } = (values["releases"] ?? {}) as { checkRequired?: unknown };
  const all = [
    ...errors.flat(),
    ...misplacedKeys(values["apps"]),
    ...crossChecks(parsed as ParsedSections),
    ...checkWithoutPrometheus(parsed as ParsedSections, checkRequired === true),
  ];
  if (all.length > 0) throw fail(all);
  return withPrometheus(branchStack(splitApps(parsed as StackSections)));
}

/** Separates a stack's released apps from those before their first release. */
function splitApps({ apps, ...stack }: StackSections): StackConfig {
  const entries = Object.entries(apps);
  const released = entries.filter((entry): entry is [string, AppConfig] => isReleased(entry[1]));
  return {
    ...stack,
    apps: Object.fromEntries(released),
    unreleased: Object.fromEntries(entries.filter(([, app]) => !isReleased(app))),
  };
}

function isReleased(app: DeclaredApp): app is AppConfig {
  return app.stable !== undefined;
}

function unknownKeys(values: Record<string, unknown>): ConfigError[] {
  const known = Object.keys(stackShape);
  return Object.keys(values)
    .filter((key) => !known.includes(key))
    .map((key) => ({ key: keyOf(`${namespace}:`, [key]), message: unknownKey(key, known) }));
}

/** Returns the keys that have an encrypted value somewhere in them, as the engine tells a program. */
function secretKeys(): string[] {
  return JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
}

/**
 * Returns errors for encrypted values outside of `components`. The engine decrypts them, so that they would be
 * declared in plain text; all other readers of the file refuse them.
 */
function encryptedSections(keys: readonly string[], prefix: string): ConfigError[] {
  const allowed = `${prefix}components`;
  return keys
    .filter((key) => key.startsWith(prefix) && key !== allowed)
    .map((key) => ({
      key,
      message: expected(
        "no encrypted value, which would be declared in plain text",
        "at least one",
        "create a Secret in the namespace, and name it in secretEnv or secretFiles of the app",
      ),
    }));
}

/** Pulumi passes on mappings and lists as JSON, and everything else as text. */
function decode(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
