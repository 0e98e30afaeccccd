import { gatewayRouteOf, hostsOf, type GatewayRoute } from "../config/app/entrances";
import { mixedEntrances } from "../config/checks/hosts";
import { keyOf, nodePortOf, type StackConfig } from "../config";
import { show } from "../config/errors";
import { objectNames } from "../config/object-names";
import { entrancesOf } from "../config/platform-entrances";
import { namingSettings } from "./other-settings";
import { hasReleaseNamed, releaseNameClaims } from "./release-names";

type App = StackConfig["unreleased"][string];

/** A value that no app of another stack on the same platform may have as well. */
export interface Claim {
  /** Its key in the stack's own config. */
  key: string;
  /** Its form in errors: `"shop.example.com"`. */
  value: string;
  /** What the value is, for example `a host name`. */
  kind: string;
  /** Text that a file must contain to use the same value. */
  text: string;
  same: (app: Record<string, unknown>, name: string) => boolean;
  /** Returns the message for the other app. Default: nothing else may use the value. */
  message?: (owner: string) => string;
}

/** Returns what an app must not share with an app of another stack. */
export function appClaims(name: string, app: App): Claim[] {
  const { team, number } = app;
  const key = (...path: (string | number)[]) => keyOf("platform:apps", [name, ...path]);
  return [
    ...hostsOf(app).map(({ key: path, host }) => ({
      key: key(...path),
      value: show(host),
      kind: "a host name",
      text: host,
      same: (other: Record<string, unknown>) => isServedBy(other, host, app),
    })),
    ...hostsOf(app).flatMap(({ key: path, host }) => entranceClaim(key(...path), host, app)),
    ...(number === undefined ? [] : [numberClaim(key("number"), number)]),
    {
      key: key(),
      value: show(name),
      kind: "a name of an app",
      text: name,
      same: (_app, other) => other === name,
    },
    ...releaseNameClaims(name, app).map(({ key, name: objects, app: owner }) => ({
      key,
      value: objects,
      kind: "a name of a release's objects within the team",
      text: owner,
      same: (app: Record<string, unknown>, other: string) =>
        other === owner && app["team"] === team && hasReleaseNamed(objects, other, app),
    })),
    ...objectClaims(name, app),
  ];
}

/** Returns what the web UIs and the gateway of a platform stack must not share with an app of an app stack. */
export function platformClaims(
  stack: Pick<StackConfig, "components" | "domain" | "environment">,
): Claim[] {
  const { hosts, nodePorts } = entrancesOf(stack);
  return [
    ...Object.entries(hosts).map(([key, host]) => ({
      key,
      value: show(host),
      kind: "a host name",
      text: host,
      same: (app: Record<string, unknown>) => hasHost(app, host),
    })),
    ...Object.entries(nodePorts).map(([key, port]) => ({
      // Below 1 if no app can have the port.
      ...numberClaim(key, port - nodePortOf(stack.environment, 0)),
      value: String(port),
      kind: "a node port",
    })),
  ];
}

function numberClaim(key: string, number: number): Claim {
  return {
    key,
    value: String(number),
    kind: "a number",
    text: String(number),
    same: (app) => app["number"] === number,
  };
}

/** Returns the names of an app's objects that an app of another stack could give to its own. */
function objectClaims(name: string, app: App): Claim[] {
  return objectNames(name, app).flatMap(({ kind, path, name: object, id }) =>
    possibleOwners(object, name).map(({ owner, text }) => ({
      key: keyOf("platform:apps", [name, ...path]),
      value: show(object),
      kind: `${kind} within the team`,
      text,
      same: (other: Record<string, unknown>, otherName: string) =>
        otherName === owner &&
        other["team"] === app.team &&
        objectNames(owner, namingSettings(other)).some((it) => it.id === id),
    })),
  );
}

/**
 * Returns the names of apps that could have an object of this name, `<app>-<rest>`. The file of an app with a shorter
 * name contains the rest as a key; its name, such as `shop`, occurs in too many files.
 */
function possibleOwners(object: string, app: string): { owner: string; text: string }[] {
  const parts = object.split("-");
  return parts.slice(1).flatMap((_, index) => {
    const owner = parts.slice(0, index + 1).join("-");
    const rest = parts.slice(index + 1).join("-");
    if (owner === "" || rest === "" || owner === app) return [];
    return [{ owner, text: owner.length > app.length ? owner : rest }];
  });
}

/** Whether another app serves a host, as its own domain or at a path that this app has there. */
function isServedBy(other: Record<string, unknown>, host: string, own: App): boolean {
  if (!hasHost(other, host)) return false;
  // Only one app may use a domain, regardless of paths.
  if (other["domain"] === host || own.domain === host) return true;
  const theirs: unknown[] = Array.isArray(other["paths"]) ? other["paths"] : ["/"];
  return own.paths.some((path) => theirs.includes(path));
}

/** Returns the claim that every app with a host at other paths has the same kind of entrance. */
function entranceClaim(key: string, host: string, own: App): Claim[] {
  const entrance = gatewayRouteOf(own);
  if (entrance === undefined) return [];
  const theirs: GatewayRoute = entrance === "a route" ? "an Ingress" : "a route";
  return [
    {
      key,
      value: show(host),
      kind: "a host name",
      text: host,
      same: (other) =>
        hasHost(other, host) && gatewayRouteOf(other) === theirs && !isServedBy(other, host, own),
      message: (owner) => mixedEntrances(host, theirs, owner),
    },
  ];
}

/** Whether an app of another stack, as its file declares it, has a host. */
export function hasHost({ domain, hosts }: Record<string, unknown>, host: string): boolean {
  return domain === host || (Array.isArray(hosts) && hosts.includes(host));
}
