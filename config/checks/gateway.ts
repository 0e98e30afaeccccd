import type { Apps, ParsedSections } from "./sections";
import { gatewayRouteOf, hostsOf } from "../app/entrances";
import { duplicates, expected, keyOf, show, type ConfigError } from "../errors";
import { ingressClassName } from "../ingress-class";

const root = "platform:components.gateway";

/** Keys of an app that need a Middleware of the gateway. */
export const limits = ["allow", "maxBodySize", "rateLimit"] as const;

/** Checks that the gateway supports the allow-lists and limits of requests in the config. */
export function gatewayChecks(apps: Apps, stack: ParsedSections): ConfigError[] {
  const { components } = stack;
  return [
    ...missingMiddlewares(apps, components),
    ...withoutGateway(apps, stack),
    ...foreignIngress(apps),
    ...protocolOfIngress(apps),
    ...hostPortClashes(components),
    ...outsideHostname(apps, components?.gateway?.tls?.hostname),
    ...(components?.gateway !== undefined && components.gateway.tls === undefined
      ? uselessCertificates(apps)
      : []),
  ];
}

/** Checks that Traefik reads its own kinds of objects, which it does only with `middlewares`. */
function missingMiddlewares(apps: Apps, components: ParsedSections["components"]): ConfigError[] {
  const gateway = components?.gateway;
  if (gateway === undefined || gateway.middlewares !== undefined) return [];
  const message = `expected ${root}.middlewares as well, which the gateway needs to check requests, got none`;
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

/**
 * If the gateway is not known, the proxies in front of it are not known either, and a list of client addresses
 * needs them.
 */
function withoutGateway(
  apps: Apps,
  { components, branch, platformStack }: ParsedSections,
): ConfigError[] {
  if (components === undefined || components.gateway !== undefined) return [];
  // The gateway of an app stack is known only after the platform stack has been read.
  if (platformStack !== undefined) return [];
  const message =
    branch === undefined
      ? `expected ${root} with middlewares as well, which the gateway needs to check requests, got none`
      : "expected no list in a branch's stack, which uses the gateway of the common environment, got one; remove it";
  return apps
    .filter(([, { allow }]) => allow !== undefined)
    .map(([app]) => ({ key: keyOf("platform:apps", [app, "allow"]), message }));
}

/**
 * Returns the hosts of apps that the gateway does not serve over HTTPS: a route whose host does not match the
 * host name of the listener is not attached to it, and an Ingress without its own certificate has none for such a host.
 * @param owner who owns the key, for example `of the platform stack`.
 */
export function outsideHostname(
  apps: Apps,
  hostname: string | undefined,
  owner = "",
): ConfigError[] {
  if (hostname === undefined) return [];
  const dependent = apps.filter(
    ([, app]) => gatewayRouteOf(app) !== undefined && app.ingress?.tlsSecret === undefined,
  );
  return dependent.flatMap(([app, config]) =>
    hostsOf(config)
      .filter(({ host }) => !isServedBy(host, hostname))
      .map(({ key, host }) => ({
        key: keyOf("platform:apps", [app, ...key]),
        message: expected(
          `a host that ${root}.tls.hostname${owner} (${hostname}) serves`,
          show(host),
          config.ingress === undefined
            ? "or omit that host name, so that the certificate serves all hosts"
            : "give the Ingress its own tlsSecret, or omit that host name, so that the certificate serves all hosts",
        ),
      })),
  );
}

/**
 * Returns the certificates of Ingresses for a gateway without HTTPS, which serves none.
 * @param owner who owns the key of the gateway, for example `of the platform stack`.
 */
export function uselessCertificates(apps: Apps, owner = ""): ConfigError[] {
  return apps.flatMap(([app, config]) =>
    config.ingress?.tlsSecret === undefined || gatewayRouteOf(config) === undefined
      ? []
      : [
          {
            key: keyOf("platform:apps", [app, "ingress", "tlsSecret"]),
            message: expected(
              `none without ${root}.tls${owner}, because the gateway serves only HTTP`,
              show(config.ingress.tlsSecret),
              `set ${root}.tls${owner} as well, or remove it`,
            ),
          },
        ],
  );
}

/** Whether a listener with this host name gets the requests of a host: `*.` matches one or more labels. */
function isServedBy(host: string, hostname: string): boolean {
  return hostname.startsWith("*.") ? host.endsWith(hostname.slice(1)) : host === hostname;
}

/** Checks that no two ports of the nodes are the same. */
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

/** Checks that no app with an Ingress sets a protocol: only a route reads the protocol from the Service. */
function protocolOfIngress(apps: Apps): ConfigError[] {
  return apps
    .filter(([, { ingress, protocol }]) => ingress !== undefined && protocol === "h2c")
    .map(([app]) => ({
      key: keyOf("platform:apps", [app, "protocol"]),
      message:
        'expected "http" with ingress, got "h2c"; serve the app through the gateway\'s route',
    }));
}
