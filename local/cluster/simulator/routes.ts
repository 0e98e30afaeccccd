import {
  CustomObjectsApi,
  PatchStrategy,
  setHeaderOptions,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { follow } from "./follow";

const group = "gateway.networking.k8s.io";
const version = "v1";
const controllerName = "traefik.io/gateway-controller";

interface Route extends KubernetesObject {
  spec?: { parentRefs?: object[] };
  status?: { parents?: { conditions?: { observedGeneration?: number }[] }[] };
}

/** Accepts every HTTPRoute like a gateway controller, because nothing runs in simulated pods. */
export function acceptRoutes(config: KubeConfig): void {
  const objects = config.makeApiClient(CustomObjectsApi);
  follow<Route>(
    config,
    `/apis/${group}/${version}/httproutes`,
    () =>
      objects.listCustomObjectForAllNamespaces({
        group,
        version,
        plural: "httproutes",
      }) as Promise<KubernetesListObject<Route>>,
    (route) => accept(objects, route),
  );
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
    { group, version, plural: "httproutes", namespace, name, body: { status: { parents } } },
    setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
  );
}
