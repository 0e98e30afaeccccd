/** IngressClass of plain Ingress objects that the gateway serves. */
export const ingressClassName = "traefik";
