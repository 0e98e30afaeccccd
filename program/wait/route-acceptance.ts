import type * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../config";
import { ClusterReader, type ReaderArgs } from "../../cluster/reader";
import { canaryWeightOf, type AppRoute } from "./live-route";
import { pollUntilPresent, isUpdating } from "./poll";

/** A condition of a route, as reported by the controller of its gateway. */
interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

/** An HTTPRoute as the API server returns it. */
export interface LiveRoute {
  metadata: { generation?: number };
  spec: { parentRefs?: ParentRef[] } & AppRoute["spec"];
  status?: { parents?: { parentRef: ParentRef; conditions?: Condition[] }[] };
}

interface ParentRef {
  name: string;
  namespace?: string;
}

/** Both must be true for the latest generation before the gateway serves it. */
const conditionTypes = ["Accepted", "ResolvedRefs"] as const;

/** Timeout for a gateway, seconds. Traefik processes changes every 2 s by default. */
const deadlineSeconds = 60;

/**
 * Returns what is missing until every parent serves the route's latest generation; empty if nothing is missing.
 */
export function notAccepted({ metadata: { generation }, spec, status }: LiveRoute): string[] {
  const parents = spec.parentRefs ?? [];
  if (parents.length === 0) return ["it has no parent"];
  return parents.flatMap(({ name, namespace }) => {
    const reported = status?.parents?.find(
      ({ parentRef }) => parentRef.name === name && parentRef.namespace === namespace,
    );
    return conditionTypes.flatMap((type) => {
      const condition = reported?.conditions?.find((it) => it.type === type);
      const problem = problemOf(condition, generation);
      return problem === undefined ? [] : [`gateway ${namespace}/${name}: ${type} ${problem}`];
    });
  });
}

function problemOf(
  condition: Condition | undefined,
  generation: number | undefined,
): string | undefined {
  if (condition === undefined) return "is not reported";
  const { status, reason, message, observedGeneration } = condition;
  if (observedGeneration !== generation) {
    return `is reported for generation ${observedGeneration}, but the route has generation ${generation}`;
  }
  if (status === "True") return undefined;
  return `is ${status} (${[reason, message].filter(Boolean).join(": ")})`;
}

/**
 * Returns why Services must not change after a route: its weight was changed by hand, and an update that has nothing to
 * change there does not notice. Undefined if the weight is as declared.
 * @param id namespace and name.
 * @param asked declared share of the canary, percent.
 */
export function changedByHand(id: string, route: LiveRoute, asked: number): string | undefined {
  const app = id.split("/").at(-1) ?? id;
  const weight = canaryWeightOf(app, route);
  if (weight === asked) return undefined;
  return (
    `HTTPRoute ${id} was changed by hand since the last update: it gives ${Math.round(weight * 10) / 10}% to ${app}-canary, expected ${asked}%. ` +
    "Run the preview, which reads the cluster, and apply its plan: that sets the route again."
  );
}

/** Waits, in updates only, until gateways serve the latest generation of routes. */
export class RouteAcceptance {
  private reader?: ClusterReader;

  constructor(private readonly cluster: ReaderArgs) {}

  /**
   * Returns a route's id after every parent has accepted the current route.
   * @param id namespace and name, from the route's resource.
   * @param weight share that the route must give to the canary, percent. Default: any.
   * @throws ProgramError if a parent has not accepted it after 60 s, or immediately if it gives the canary another
   * share: the update fails.
   */
  waitFor(id: pulumi.Output<string>, weight?: number): pulumi.Output<string> {
    if (!isUpdating()) return id;
    return id.apply(async (known) => {
      const route = await this.wait(known);
      const change = weight === undefined ? undefined : changedByHand(known, route, weight);
      if (change !== undefined) throw new ProgramError(change);
      return known;
    });
  }

  private async wait(id: string): Promise<LiveRoute> {
    const [namespace, name] = id.split("/");
    const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes/${name}`;
    this.reader ??= new ClusterReader(this.cluster);
    const reader = this.reader;
    let route: LiveRoute | undefined;
    const missing = await pollUntilPresent(async () => {
      route = await reader.get<LiveRoute>(path);
      return route === undefined ? ["it does not exist"] : notAccepted(route);
    }, deadlineSeconds);
    if (missing.length === 0 && route !== undefined) return route;
    throw new ProgramError(
      `HTTPRoute ${id} is not served as the stack's config says, ${deadlineSeconds} s after its update: ${missing.join("; ")}. ` +
        `Look at the gateway's pods and at "kubectl describe httproute ${name} --namespace ${namespace}", then run the update again; it changes nothing that is already in place.`,
    );
  }
}
