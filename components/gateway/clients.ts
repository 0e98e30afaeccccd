import type { Exposure } from "./services";

/** What decides whether the gateway learns its clients' addresses. */
export interface ClientAddressArgs {
  exposure: Exposure;
  proxies: { forwardedHeaders: string[]; proxyProtocol: string[] };
}

/**
 * Why the gateway does not know its clients; nothing where it does, or may. Where ports of the nodes
 * are the way in, what stands before them is not known here.
 */
export function unknownClients({ exposure, proxies }: ClientAddressArgs): string | undefined {
  const told = proxies.forwardedHeaders.length + proxies.proxyProtocol.length > 0;
  if (told || exposure.type !== "LoadBalancer" || exposure.externalTrafficPolicy === "Local") {
    return undefined;
  }
  return (
    "The load balancer of the gateway hides its clients: access logs, X-Forwarded-For and allow-lists see the address of a node instead. " +
    "Set platform:components.gateway.exposure.externalTrafficPolicy to Local, or platform:components.gateway.proxies.proxyProtocol (layer 4) or .forwardedHeaders (layer 7) to the balancer's own addresses."
  );
}

/** What an upload through the common entrance costs; nothing where uploads have one of their own. */
export function slowBodies(exposure: Exposure, uploading: string[]): string | undefined {
  if (uploading.length === 0 || exposure.uploads !== undefined) return undefined;
  return (
    `Uploads to ${uploading.join(" and ")} come through the entrance of all apps, which therefore waits for any body without limit: whoever sends slowly holds connections for as long as they like. ` +
    "Set platform:components.gateway.exposure.uploads, and lead the host names of these parts there."
  );
}
