import { readFileSync } from "node:fs";
import { InvalidConfig, keyOf, type ConfigError, type StackConfig } from "../config";
import { taken } from "../config/errors";
import { configIn, readYaml } from "../config/yaml";
import { stackFile, stacks } from "../config/stack-file";

type Own = Pick<StackConfig, "apps" | "platformStack">;

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
  const claims = Object.entries(stack.apps).flatMap(([app, config]) => claimsOf(app, config));
  if (claims.length === 0) return;
  const clashes = stacks(folder)
    .filter((other) => other !== name)
    .flatMap((other) => clashesWith(other, { name, stack, claims, folder }));
  if (clashes.length > 0) throw new InvalidConfig(name, clashes);
}

function claimsOf(name: string, { domain, team, number }: StackConfig["apps"][string]): Claim[] {
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

function clashesWith(
  other: string,
  { name, stack, claims, folder }: { name: string; stack: Own; claims: Claim[]; folder: string },
): ConfigError[] {
  const file = stackFile(other, folder);
  const text = readFileSync(file, "utf8");
  // Reading is cheap, parsing is not; with 700 stacks nearly every file ends here.
  const possible = claims.filter((claim) => text.includes(claim.text));
  if (possible.length === 0) return [];
  const config = configOf(file);
  if (!onSamePlatform({ name, platformStack: stack.platformStack }, { name: other, config })) {
    return [];
  }
  return Object.entries(mapping(config["platform:apps"])).flatMap(([app, given]) =>
    possible
      .filter(({ same }) => same(mapping(given), app))
      .map(({ key, value, kind }) => ({
        key,
        message: taken(kind, value, `app ${app} of stack ${other}`),
      })),
  );
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

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
