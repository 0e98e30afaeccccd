import type { Apps, ParsedSections } from "./sections";
import { duplicates, keyOf, type ConfigError } from "../errors";
import { ingressClassName } from "../ingress-class";

const root = "platform:components.gateway";

/** What allow-lists and limits of requests need of the gateway. */
export function gatewayChecks(apps: Apps, { components }: ParsedSections): ConfigError[] {
  return [
    ...missingMiddlewares(apps, components),
    ...foreignIngress(apps),
    ...hostPortClashes(components),
  ];
}

/** Traefik takes them as objects of its own kinds, which it must be told to read. */
function missingMiddlewares(apps: Apps, components: ParsedSections["components"]): ConfigError[] {
  const gateway = components?.gateway;
  // An app stack's gateway is the platform stack's, which is not known here.
  if (gateway === undefined || gateway.middlewares !== undefined) return [];
  const message = `expected ${root}.middlewares beside it, by which the gateway checks requests, got none`;
  const lists = Object.entries(gateway.allow)
    .filter(([, ranges]) => ranges !== undefined)
    .map(([ui]) => ({ key: keyOf(root, ["allow", ui]), message }));
  const limits = apps.flatMap(([app, config]) =>
    (["allow", "maxBodySize"] as const)
      .filter((key) => config[key] !== undefined)
      .map((key) => ({ key: keyOf("platform:apps", [app, key]), message })),
  );
  return [...lists, ...limits];
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

/** An Ingress of another controller passes none of the gateway's checks. */
function foreignIngress(apps: Apps): ConfigError[] {
  return apps.flatMap(([app, { ingress, allow, maxBodySize }]) => {
    if (ingress === undefined || ingress.className === ingressClassName) return [];
    if (allow === undefined && maxBodySize === undefined) return [];
    const key = keyOf("platform:apps", [app, "ingress", "className"]);
    const message = `expected "${ingressClassName}", which checks allow and maxBodySize, got "${ingress.className}"`;
    return [{ key, message }];
  });
}
