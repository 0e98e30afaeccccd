import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  httpRoute,
  parentRef,
  type BackendRef,
  type GatewayAddress,
  type RouteMatch,
} from "../shared/gateway-api";
import { objectLabels } from "../shared/labels";
import { requestFilters, type RequestLimits } from "../shared/middlewares";
import { servicePort, type RoleServices } from "./services";

/** Requests with this header go to the canary, whatever its weight. */
const canaryHeader = { type: "Exact", name: "x-gray", value: "1" } as const;

const anyPath: RouteMatch["path"] = { type: "PathPrefix", value: "/" };

interface RouteArgs extends RequestLimits {
  namespace: pulumi.Input<string>;
  domain: string;
  gateway: GatewayAddress;
  /** Share of the canary's Service, percent; known once it may change. */
  canaryWeight: pulumi.Output<number>;
}

/**
 * The app's HTTPRoute. Its shape is the same for all of its life, two rules with both Services
 * each; a release changes the last rule's weights and nothing else.
 */
export function appRoute(
  name: string,
  { namespace, domain, gateway, canaryWeight, allow, maxBodyBytes }: RouteArgs,
  services: RoleServices,
  parent: pulumi.Resource,
): k8s.apiextensions.CustomResource {
  const metadata = { namespace, labels: objectLabels(name, "apps") };
  const limits = requestFilters(name, { allow, maxBodyBytes }, { metadata, gateway }, parent);
  const filters = limits.length === 0 ? {} : { filters: limits };
  return httpRoute(
    name,
    {
      metadata: { name, ...metadata },
      spec: {
        parentRefs: [parentRef(gateway.name, gateway.namespace)],
        hostnames: [domain],
        rules: [
          {
            matches: [{ path: anyPath, headers: [canaryHeader] }],
            ...filters,
            backendRefs: split(services, pulumi.output(100)),
          },
          { matches: [{ path: anyPath }], ...filters, backendRefs: split(services, canaryWeight) },
        ],
      },
    },
    { parent },
  );
}

/** Both Services with weights that sum to 100. */
function split(
  { stable, canary }: RoleServices,
  canaryWeight: pulumi.Output<number>,
): BackendRef[] {
  const stableWeight = canaryWeight.apply((weight) => 100 - weight);
  return [backend(stable, stableWeight), backend(canary, canaryWeight)];
}

function backend(name: pulumi.Output<string>, weight: pulumi.Output<number>): BackendRef {
  return { group: "", kind: "Service", name, port: servicePort, weight };
}
