import { located, selectedFiles } from "../config/app-files";
import { calleeOf, type Callee } from "../config/app/calls";
import { hostsOf } from "../config/app/entrances";
import { InvalidConfig, keyOf, type ConfigError, type StackConfig } from "../config";
import { expected, listed, show, taken } from "../config/errors";
import { hasReleaseNamed, releaseNameClaims } from "./release-names";
import { otherApps, type OtherApp } from "./other-apps";

type Own = Pick<StackConfig, "apps" | "unreleased" | "platformStack"> & {
  appFiles?: StackConfig["appFiles"];
};

type App = StackConfig["unreleased"][string];

/** A value that an app must not share with another app on the same platform. */
interface Claim {
  /** Its key in the stack's own config. */
  key: string;
  /** Its form in errors: `"shop.example.com"`. */
  value: string;
  /** What the value is, for example `a host name`. */
  kind: string;
  /** Text that a file must contain to use the same value. */
  text: string;
  same: (app: Record<string, unknown>, name: string) => boolean;
}

/** A call to an app that this stack does not declare. */
interface ForeignCall extends Callee {
  key: string;
  text: string;
}

/**
 * Refuses values that an app of another stack on the same platform already uses: a host, a fixed port, its name
 * within a team, or a name of its releases' objects. The checks of one stack cannot see them, and in the
 * cluster one app would silently replace the other. Also refuses calls to apps that no stack of the platform
 * declares.
 * @param name of the stack, without organization and project.
 * @param folder folder of the project's stack files.
 * @throws InvalidConfig with every error.
 */
export function refuseClashes(name: string, stack: Own, folder = "."): void {
  const apps = { ...stack.apps, ...stack.unreleased };
  const claims = Object.entries(apps).flatMap(([app, config]) => claimsOf(app, config));
  const calls = foreignCalls(apps);
  if (claims.length === 0) return;
  const byText = new Map<string, Claim[]>();
  for (const claim of claims) byText.set(claim.text, [...(byText.get(claim.text) ?? []), claim]);
  const words = new Set([...byText.keys(), ...calls.map(({ app }) => app)]);
  const others = otherApps({ name, platformStack: stack.platformStack, folder, words });
  const errors = [
    ...others.flatMap((other) => clashesWith(other, byText)),
    ...calls.filter((call) => !others.some((other) => isCalled(call, other))).map(unknown(apps)),
  ];
  if (errors.length === 0) return;
  const { origins } = selectedFiles(stack.appFiles, folder);
  throw new InvalidConfig(
    name,
    errors.map((error) => located(error, origins)),
  );
}

function claimsOf(name: string, app: App): Claim[] {
  const { team, number } = app;
  const key = (...path: (string | number)[]) => keyOf("platform:apps", [name, ...path]);
  return [
    ...hostsOf(app).map(({ key: path, host }) => ({
      key: key(...path),
      value: `"${host}"`,
      kind: "a host name",
      text: host,
      same: (other: Record<string, unknown>) => isServedBy(other, host, app),
    })),
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
    ...releaseNameClaims(name, app).map(({ key, name: objects, app: owner }) => ({
      key,
      value: objects,
      kind: "a name of a release's objects within the team",
      text: owner,
      same: (app: Record<string, unknown>, other: string) =>
        other === owner && app["team"] === team && hasReleaseNamed(objects, other, app),
    })),
  ];
}

/** Whether another app serves a host, as its own domain or at a path that this app has there. */
function isServedBy(
  { domain, hosts, paths }: Record<string, unknown>,
  host: string,
  own: App,
): boolean {
  if (domain !== host && !(Array.isArray(hosts) && hosts.includes(host))) return false;
  // Only one app may use a domain, regardless of paths.
  if (domain === host || own.domain === host) return true;
  const theirs: unknown[] = Array.isArray(paths) ? paths : ["/"];
  return own.paths.some((path) => theirs.includes(path));
}

function clashesWith(
  { stack, app, given, file, words }: OtherApp,
  byText: Map<string, Claim[]>,
): ConfigError[] {
  const where = file === undefined ? "" : ` (${file})`;
  return words
    .flatMap((word) => byText.get(word) ?? [])
    .filter(({ same }) => same(given, app))
    .map(({ key, value, kind }) => ({
      key,
      message: taken(kind, value, `app ${app} of stack ${stack}${where}`),
    }));
}

function foreignCalls(apps: Record<string, App>): ForeignCall[] {
  return Object.entries(apps).flatMap(([name, { team, calls }]) =>
    calls
      .map((text, index) => ({
        ...calleeOf(text, team),
        key: keyOf("platform:apps", [name, "calls", index]),
        text,
      }))
      .filter((call) => !Object.hasOwn(apps, call.app) || apps[call.app]?.team !== call.team),
  );
}

function isCalled({ team, app }: Callee, { app: other, given }: OtherApp): boolean {
  return other === app && given["team"] === team;
}

function unknown(apps: Record<string, App>): (call: ForeignCall) => ConfigError {
  const known = Object.entries(apps).map(([app, { team }]) => `${team}/${app}`);
  const what = `an app of this stack (${listed(known.sort())}) or of another one of its platform`;
  return ({ key, text }) => ({ key, message: expected(what, show(text)) });
}
