import { CustomObjectsApi, type KubeConfig, type KubernetesObject } from "@kubernetes/client-node";
import { followCustom, merging } from "./follow";

const kind = { group: "gateway.networking.k8s.io", version: "v1", plural: "httproutes" };
const controllerName = "traefik.io/gateway-controller";

interface Route extends KubernetesObject {
  spec?: { parentRefs?: object[] };
  status?: { parents?: { conditions?: { observedGeneration?: number }[] }[] };
}

/** Accepts every HTTPRoute like a gateway controller, because nothing runs in simulated pods. */
export function acceptRoutes(config: KubeConfig): void {
  const objects = config.makeApiClient(CustomObjectsApi);
  followCustom<Route>(config, kind, (route) => accept(objects, route));
}

async function accept(objects: CustomObjectsApi, route: Route): Promise<void> {
  const { name = "", namespace = "", generation } = route.metadata ?? {};
  const observed = route.status?.parents?.[0]?.conditions?.[0]?.observedGeneration;
  if (observed === generation) return;
  const condition = (type: string) => ({
    type,
    status: "True",
    reason: type,
    message: "",
    observedGeneration: generation,
    lastTransitionTime: new Date().toISOString(),
  });
  const parents = (route.spec?.parentRefs ?? []).map((parentRef) => ({
    parentRef,
    controllerName,
    conditions: [condition("Accepted"), condition("ResolvedRefs")],
  }));
  await objects.patchNamespacedCustomObjectStatus(
    { ...kind, namespace, name, body: { status: { parents } } },
    merging,
  );
}
