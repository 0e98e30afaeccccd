import { App, type AppArgs } from "../../components/app";
import { releaseTemplate, type ReleaseTemplate } from "../../config";
import { usualOrder } from "../../releases/shares";
import { at, declare, type Declared } from "./declare";

/** A release template with the given fields, and defaults for all others. */
export function template(fields: Record<string, unknown> = {}): ReleaseTemplate {
  return releaseTemplate.parse({ image: "harbor.platform.test/shop/shop", ...fields });
}

/** Returns the arguments of an app with the given ones; by default, it has one stable release and nothing else. */
export function shopArgs(args: Partial<AppArgs> = {}): AppArgs {
  return {
    namespace: "commerce-dev",
    team: "commerce",
    context: { environment: "dev" },
    domain: "shop.platform.test",
    hosts: [],
    paths: ["/"],
    gateway: { name: "dev", namespace: "gateway" },
    releases: [{ name: "shop-1-4-2", key: "1.4.2", version: "1.4.2", template: template() }],
    stable: "shop-1-4-2",
    canaryWeight: 0,
    canaryFor: [{ headers: { "x-gray": "1" } }],
    order: usualOrder,
    scaling: { min: 2, max: 10, cpu: 70 },
    progressDeadlineSeconds: 300,
    maxUnavailable: "25%",
    externalServices: {},
    nodeGroups: {},
    ...args,
  };
}

/** Declares the app `shop` with {@link shopArgs}. */
export function shop(args: Partial<AppArgs> = {}): Promise<Declared> {
  return declare((provider) => {
    new App("shop", shopArgs(args), { provider });
  });
}

/** A container in a manifest, restricted to the fields that tests use. */
export interface ContainerSpec {
  name: string;
  image: string;
  command?: string[];
  restartPolicy?: string;
  env?: { name: string; value?: string; valueFrom?: object }[];
  ports?: { containerPort: number }[];
  resources: object;
  volumeMounts?: { name: string; mountPath: string; subPathExpr?: string; readOnly?: boolean }[];
  lifecycle?: object;
  securityContext: { readOnlyRootFilesystem?: boolean };
  readinessProbe?: object;
  livenessProbe?: object;
  startupProbe?: object;
}

/** A pod in a manifest, restricted to the fields that tests use. */
export interface PodSpec {
  containers: ContainerSpec[];
  initContainers: ContainerSpec[];
  volumes: { name: string; hostPath?: object; secret?: object; emptyDir?: object }[];
  hostAliases: object[];
  nodeSelector?: Record<string, string>;
  tolerations?: object[];
  affinity: object;
  topologySpreadConstraints: { topologyKey: string }[];
  terminationGracePeriodSeconds: number;
}

/** Returns the pod of a release whose template has the given fields, and its app container. */
export async function podOf(
  fields: Record<string, unknown>,
  args: Partial<AppArgs> = {},
): Promise<{ pod: PodSpec; container: ContainerSpec }> {
  const releases = [
    { name: "shop-1-4-2", key: "1.4.2", version: "1.4.2", template: template(fields) },
  ];
  const declared = await shop({ releases, ...args });
  const pod = at(declared.object("Deployment", "shop-1-4-2"), "spec.template.spec") as PodSpec;
  const [container] = pod.containers;
  if (container === undefined) throw new Error("the pod has no container");
  return { pod, container };
}
