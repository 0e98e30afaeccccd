import type { Exposure } from "./services";

/** Settings that decide whether the gateway knows the addresses of its clients. */
export interface ClientAddressArgs {
  /** How clients outside the cluster reach the gateway. */
  exposure: Exposure;
  /**
   * Address ranges of the load balancers and proxies in front of the gateway, by the way in which they pass on the
   * client's address.
   */
  proxies: { forwardedHeaders: string[]; proxyProtocol: string[] };
}

/**
 * Returns why the gateway does not know its clients' addresses; undefined if it does or might. With node ports, what is
 * in front of the nodes is unknown.
 */
export function hiddenClientsWarning({ exposure, proxies }: ClientAddressArgs): string | undefined {
  const trustsProxies = proxies.forwardedHeaders.length + proxies.proxyProtocol.length > 0;
  if (
    trustsProxies ||
    exposure.type !== "LoadBalancer" ||
    exposure.externalTrafficPolicy === "Local"
  ) {
    return undefined;
  }
  return (
    "The load balancer of the gateway hides the addresses of clients: access logs, X-Forwarded-For and allow-lists see the address of a node instead. " +
    "Set platform:components.gateway.exposure.externalTrafficPolicy to Local, or platform:components.gateway.proxies.proxyProtocol (layer 4) or .forwardedHeaders (layer 7) to the balancer's own addresses."
  );
}

/** Returns a warning about slow uploads through the common entry point; undefined if uploads have their own. */
export function slowUploadsWarning(exposure: Exposure, uploading: string[]): string | undefined {
  if (uploading.length === 0 || exposure.uploads !== undefined) return undefined;
  return (
    `Uploads to ${uploading.join(" and ")} use the entry point of all apps, which therefore has no read timeout: slow clients can hold connections open indefinitely. ` +
    "Set platform:components.gateway.exposure.uploads, and point the host names of these parts to it."
  );
}
