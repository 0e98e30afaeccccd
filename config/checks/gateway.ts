import type { Apps, ParsedSections } from "./sections";
import { hostsOf } from "../app/entrances";
import { duplicates, expected, keyOf, show, type ConfigError } from "../errors";
import { ingressClassName } from "../ingress-class";

const root = "platform:components.gateway";

/** What the gateway checks by middlewares. */
export const limits = ["allow", "maxBodySize", "rateLimit"] as const;

/** What allow-lists and limits of requests need of the gateway. */
export function gatewayChecks(apps: Apps, stack: ParsedSections): ConfigError[] {
  const { components } = stack;
  return [
    ...missingMiddlewares(apps, components),
    ...withoutGateway(apps, stack),
    ...foreignIngress(apps),
    ...protocolOfIngress(apps),
    ...hostPortClashes(components),
    ...outsideHostname(apps, components?.gateway?.tls?.hostname),
  ];
}

/** Traefik takes them as objects of its own kinds, which it must be told to read. */
function missingMiddlewares(apps: Apps, components: ParsedSections["components"]): ConfigError[] {
  const gateway = components?.gateway;
  if (gateway === undefined || gateway.middlewares !== undefined) return [];
  const message = `expected ${root}.middlewares beside it, by which the gateway checks requests, got none`;
  const lists = Object.entries(gateway.allow)
    .filter(([, ranges]) => ranges !== undefined)
    .map(([ui]) => ({ key: keyOf(root, ["allow", ui]), message }));
  const needed = apps.flatMap(([app, config]) =>
    limits
      .filter((key) => config[key] !== undefined)
      .map((key) => ({ key: keyOf("platform:apps", [app, key]), message })),
  );
  return [...lists, ...needed];
}

/** Where no gateway is known, nothing is known of the proxies that a list must look behind. */
function withoutGateway(
  apps: Apps,
  { components, branch, platformStack }: ParsedSections,
): ConfigError[] {
  if (components === undefined || components.gateway !== undefined) return [];
  // An app stack's gateway is known once its platform stack is read.
  if (platformStack !== undefined) return [];
  const message =
    branch === undefined
      ? `expected ${root} with middlewares beside it, by which the gateway checks requests, got none`
      : "expected no list in the stack of a branch, whose gateway is the common environment's, got one; remove it";
  return apps
    .filter(([, { allow }]) => allow !== undefined)
    .map(([app]) => ({ key: keyOf("platform:apps", [app, "allow"]), message }));
}

/**
 * Hosts of apps that the gateway's HTTPS does not serve: the route of a host that does not fit its host name is not
 * attached to it.
 * @param owner the key's place, for example `of the platform stack`.
 */
export function outsideHostname(
  apps: Apps,
  hostname: string | undefined,
  owner = "",
): ConfigError[] {
  if (hostname === undefined) return [];
  const ofRoutes = apps.filter(([, { ingress }]) => ingress === undefined);
  return ofRoutes.flatMap(([app, config]) =>
    hostsOf(config)
      .filter(({ host }) => !fits(host, hostname))
      .map(({ key, host }) => ({
        key: keyOf("platform:apps", [app, ...key]),
        message: expected(
          `a host that ${root}.tls.hostname${owner} (${hostname}) serves`,
          show(host),
          "or leave that host name out, so that the certificate serves all hosts",
        ),
      })),
  );
}

/** Whether a listener with this host name takes requests of a host: `*.` matches one or more labels. */
function fits(host: string, hostname: string): boolean {
  return hostname.startsWith("*.") ? host.endsWith(hostname.slice(1)) : host === hostname;
}

/** What listens on the ports of one machine needs a port of its own. */
function hostPortClashes(components: ParsedSections["components"]): ConfigError[] {
  const exposure = components?.gateway?.exposure;
  if (exposure?.type !== "HostPort") return [];
  const ports = (["http", "https", "uploads"] as const).flatMap((key): [string, number][] => {
    const port = exposure[key];
    return port === undefined ? [] : [[keyOf(root, ["exposure", key]), port]];
  });
  return duplicates(ports, "a host port");
}

/** Checks an Ingress of another controller, which bypasses the gateway's checks of requests. */
function foreignIngress(apps: Apps): ConfigError[] {
  return apps.flatMap(([app, config]) => {
    const { ingress } = config;
    if (ingress === undefined || ingress.className === ingressClassName) return [];
    if (limits.every((limit) => config[limit] === undefined)) return [];
    const key = keyOf("platform:apps", [app, "ingress", "className"]);
    const message = `expected "${ingressClassName}", which checks ${limits.slice(0, -1).join(", ")} and ${limits.at(-1)}, got "${ingress.className}"`;
    return [{ key, message }];
  });
}

/** Only a route reads from the Service what its port speaks. */
function protocolOfIngress(apps: Apps): ConfigError[] {
  return apps
    .filter(([, { ingress, protocol }]) => ingress !== undefined && protocol === "h2c")
    .map(([app]) => ({
      key: keyOf("platform:apps", [app, "protocol"]),
      message: 'expected "http" beside ingress, got "h2c"; serve the app by the gateway\'s route',
    }));
}
