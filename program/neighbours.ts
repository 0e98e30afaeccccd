import { errorInFile, selectedFiles } from "../config/app-files";
import { calleeOf, type Callee } from "../config/app/calls";
import { InvalidConfig, keyOf, type ConfigError, type StackConfig } from "../config";
import { expected, listed, show, taken } from "../config/errors";
import { appClaims, platformClaims, type Claim } from "./claims";
import { wrongRoutes } from "./neighbour-routes";
import { otherApps, whereOf, type OtherApp } from "./other-apps";

type Own = Pick<
  StackConfig,
  "apps" | "unreleased" | "platformStack" | "components" | "domain" | "environment"
> & {
  appFiles?: StackConfig["appFiles"];
};

type App = StackConfig["unreleased"][string];

/** A call to an app that this stack does not declare. */
interface ForeignCall extends Callee {
  key: string;
  text: string;
}

/**
 * Refuses values that an app of another stack on the same platform already uses: a host, a fixed port, its name,
 * or a name of its objects within a team. The checks of one stack cannot see them, and in the cluster one app
 * would silently replace the other, or an update would fail halfway. Also refuses canaries that would get another
 * app's requests, and calls to apps that no stack of the platform declares.
 * @param name of the stack, without organization and project.
 * @param folder folder of the project's stack files.
 * @throws InvalidConfig with every error.
 */
export function refuseClashes(name: string, stack: Own, folder = "."): void {
  const apps = { ...stack.apps, ...stack.unreleased };
  const claims = [
    ...Object.entries(apps).flatMap(([app, config]) => appClaims(app, config)),
    ...(stack.platformStack === undefined ? platformClaims(stack) : []),
  ];
  const calls = foreignCalls(apps);
  if (claims.length === 0) return;
  const byText = new Map<string, Claim[]>();
  for (const claim of claims) byText.set(claim.text, [...(byText.get(claim.text) ?? []), claim]);
  const words = new Set([...byText.keys(), ...calls.map(({ app }) => app)]);
  const others = otherApps({ name, platformStack: stack.platformStack, folder, words });
  const errors = [
    ...others.flatMap((other) => clashesWith(other, byText)),
    ...wrongRoutes(Object.entries(apps), others),
    ...calls.filter((call) => !others.some((other) => isCalled(call, other))).map(unknown(apps)),
  ];
  if (errors.length === 0) return;
  const { origins } = selectedFiles(stack.appFiles, folder);
  throw new InvalidConfig(
    name,
    errors.map((error) => errorInFile(error, origins)),
  );
}

function clashesWith(other: OtherApp, byText: Map<string, Claim[]>): ConfigError[] {
  return other.words
    .flatMap((word) => byText.get(word) ?? [])
    .filter(({ same }) => same(other.given, other.app))
    .map(({ key, value, kind, message }) => ({
      key,
      message: message?.(whereOf(other)) ?? taken(kind, value, whereOf(other)),
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
