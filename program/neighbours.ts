import { readFileSync } from "node:fs";
import { join } from "node:path";
import { located, selectedFiles } from "../config/app-files";
import { InvalidConfig, keyOf, type ConfigError, type StackConfig } from "../config";
import { taken } from "../config/errors";
import { configIn, readYaml } from "../config/yaml";
import { stackFile, stacks } from "../config/stack-file";

type Own = Pick<StackConfig, "apps" | "unreleased" | "platformStack"> & {
  appFiles?: StackConfig["appFiles"];
};

/** What an app must not share with another one on the same platform. */
interface Claim {
  /** Key of it in the stack's own config. */
  key: string;
  /** As errors show it: `"shop.example.com"`. */
  value: string;
  /** What the value is, for example `a host name`. */
  kind: string;
  /** Text that a file must contain to claim it, too. */
  text: string;
  same: (app: Record<string, unknown>, name: string) => boolean;
}

/**
 * Refuses what an app of another stack on the same platform has already: a host, a fixed port, or
 * its name within a team. One stack's own checks cannot see it, and in the cluster the one would
 * silently take the other's place. The files of the other stacks tell, as they are part of the same
 * commit; so a preview needs no other stack's state, and says the same everywhere.
 * @param name of the stack, without organization and project.
 * @param folder where the project's stack files are.
 * @throws InvalidConfig with every clash.
 */
export function refuseClashes(name: string, stack: Own, folder = "."): void {
  const claims = Object.entries({ ...stack.apps, ...stack.unreleased }).flatMap(([app, config]) =>
    claimsOf(app, config),
  );
  if (claims.length === 0) return;
  const byText = new Map<string, Claim[]>();
  for (const claim of claims) byText.set(claim.text, [...(byText.get(claim.text) ?? []), claim]);
  const own = { name, stack, byText, folder, texts: new Map<string, string>() };
  const clashes = stacks(folder)
    .filter((other) => other !== name)
    .flatMap((other) => clashesWith(other, own));
  if (clashes.length === 0) return;
  const { origins } = selectedFiles(stack.appFiles, folder);
  throw new InvalidConfig(
    name,
    clashes.map((clash) => located(clash, origins)),
  );
}

/** The stack that asks, and what it asks of others. */
interface Asking {
  name: string;
  stack: Own;
  byText: Map<string, Claim[]>;
  folder: string;
  /** Files of apps that were read already, as several stacks may name one. */
  texts: Map<string, string>;
}

/** Claims that a file may have as well. Reading is cheap, parsing is not: nearly every file ends here. */
function possibleIn(text: string, byText: Asking["byText"], more: string[] = []): Claim[] {
  const words = new Set([...text.split(/[^\w.-]+/), ...more]);
  return [...words].flatMap((word) => byText.get(word) ?? []);
}

function claimsOf(
  name: string,
  { domain, team, number }: StackConfig["unreleased"][string],
): Claim[] {
  const key = (field: string) => keyOf("platform:apps", [name, field]);
  return [
    {
      key: key("domain"),
      value: `"${domain}"`,
      kind: "a host name",
      text: domain,
      same: (app) => app["domain"] === domain,
    },
    ...(number === undefined
      ? []
      : [
          {
            key: key("number"),
            value: String(number),
            kind: "a number",
            text: String(number),
            same: (app: Record<string, unknown>) => app["number"] === number,
          },
        ]),
    {
      key: keyOf("platform:apps", [name]),
      value: `app ${name} of team ${team}`,
      kind: "a name within the team",
      text: name,
      same: (app, other) => other === name && app["team"] === team,
    },
  ];
}

function clashesWith(other: string, asking: Asking): ConfigError[] {
  const { name, stack, byText, folder } = asking;
  const file = stackFile(other, folder);
  const text = readFileSync(file, "utf8");
  const possible = possibleIn(text, byText);
  if (possible.length === 0 && !text.includes("platform:appFiles")) return [];
  const config = configOf(file);
  if (!onSamePlatform({ name, platformStack: stack.platformStack }, { name: other, config })) {
    return [];
  }
  const inline = Object.entries(mapping(config["platform:apps"]));
  return [
    ...inline.flatMap(([app, given]) => clashing(possible, other, app, mapping(given))),
    ...clashesInFiles(other, config["platform:appFiles"], asking),
  ];
}

/** What the files that another stack names have already. */
function clashesInFiles(
  other: string,
  selection: unknown,
  { byText, folder, texts }: Asking,
): ConfigError[] {
  const { origins } = selectedFiles(selection, folder);
  return Object.entries(origins).flatMap(([app, file]) => {
    const path = join(folder, file);
    const text = texts.get(file) ?? readFileSync(path, "utf8");
    texts.set(file, text);
    const possible = possibleIn(text, byText, [app]);
    return possible.length === 0 ? [] : clashing(possible, other, app, contentOf(path), file);
  });
}

/** @param file that declares the other app, where the other stack's own does not. */
function clashing(
  possible: Claim[],
  other: string,
  app: string,
  given: Record<string, unknown>,
  file?: string,
): ConfigError[] {
  const where = file === undefined ? "" : ` (${file})`;
  return possible
    .filter(({ same }) => same(given, app))
    .map(({ key, value, kind }) => ({
      key,
      message: taken(kind, value, `app ${app} of stack ${other}${where}`),
    }));
}

/** Two app stacks of one platform stack, or such a stack and one that reads it. */
function onSamePlatform(
  own: { name: string; platformStack?: string },
  other: { name: string; config: Record<string, unknown> },
): boolean {
  const theirs = other.config["platform:platformStack"];
  const named = (stack: unknown) =>
    typeof stack === "string" ? stack.split("/").at(-1) : undefined;
  if (own.platformStack === undefined) return named(theirs) === own.name;
  return theirs === undefined
    ? named(own.platformStack) === other.name
    : theirs === own.platformStack;
}

/** A file that cannot be read is told of where its own stack runs; it claims nothing here. */
function configOf(file: string): Record<string, unknown> {
  try {
    return configIn(file, readYaml(file).document);
  } catch {
    return {};
  }
}

function contentOf(path: string): Record<string, unknown> {
  try {
    return mapping(readYaml(path).document.toJS());
  } catch {
    return {};
  }
}

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
