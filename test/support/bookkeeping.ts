import type { TestStack } from "./project";

interface LiveObject {
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    managedFields?: { manager?: string }[];
  };
  spec?: {
    selector?: Record<string, unknown>;
    rules?: { backendRefs?: { name: string; weight?: number }[] }[];
  };
  status?: { conditions?: { type: string; status: string }[] };
}

/** Field managers of plugins for Kubernetes. */
const manager = /^pulumi-kubernetes\b/;

/** Returns objects that Pulumi created and that are not in the state, and objects in the state that do not exist. */
export async function findUnaccounted(
  stack: TestStack,
): Promise<{ orphaned: string[]; missing: string[] }> {
  const kinds = await stack.kubectl("api-resources", "--verbs=list", "-o", "name");
  const all = kinds.trim().split("\n").join(",");
  const live = new Set(
    (await objects(stack, all, "-A", "--show-managed-fields"))
      .filter(({ metadata }) =>
        metadata.managedFields?.some((it) => manager.test(it.manager ?? "")),
      )
      .map(({ kind, metadata: { name, namespace } }) =>
        [kind, namespace === undefined ? name : `${namespace}/${name}`].join(" "),
      ),
  );
  const { deployment } = await stack.state();
  const known = new Set(
    deployment.resources
      .filter(({ type, custom, external }) => type.startsWith("kubernetes:") && custom && !external)
      .map(({ type, id }) => `${type.split(":").at(-1)} ${id}`),
  );
  return {
    orphaned: [...live].filter((name) => !known.has(name)).sort(),
    missing: [...known].filter((name) => !live.has(name)).sort(),
  };
}

/** Returns Services of roles without a ready pod of a Deployment, and routes without their Services. */
export async function deadEnds(stack: TestStack, namespace: string): Promise<string[]> {
  const crds = await stack.kubectl("get", "crd", "-o", "name");
  const routes = crds.includes("/httproutes.") ? ",httproutes" : "";
  const live = await objects(stack, `services,deployments,pods${routes}`, "-n", namespace);
  const of = (kind: string) => live.filter((each) => each.kind === kind);
  const services = of("Service").filter(({ metadata }) => /-(stable|canary)$/.test(metadata.name));
  const names = new Set(services.map(({ metadata }) => metadata.name));
  return [
    ...services
      .filter(({ spec }) => !leads(spec?.selector ?? {}, of("Deployment"), of("Pod")))
      .map(({ metadata }) => `Service ${metadata.name}`),
    ...of("HTTPRoute").flatMap(({ metadata, spec }) =>
      (spec?.rules ?? [])
        .flatMap(({ backendRefs = [] }) => backendRefs)
        .filter(({ name }) => !names.has(name))
        .map(({ name }) => `HTTPRoute ${metadata.name} to ${name}`),
    ),
  ];
}

/** Whether labels select a Deployment's pods, and one of them is ready. */
function leads(
  selector: Record<string, unknown>,
  deployments: LiveObject[],
  pods: LiveObject[],
): boolean {
  const picks = (labels: Record<string, unknown> = {}) =>
    Object.entries(selector).every(([key, value]) => labels[key] === value);
  return (
    deployments.some(({ spec }) =>
      picks((spec?.selector as { matchLabels?: Record<string, string> }).matchLabels),
    ) &&
    pods.some(
      ({ metadata, status }) =>
        picks(metadata.labels) &&
        status?.conditions?.some((it) => it.type === "Ready" && it.status === "True"),
    )
  );
}

async function objects(stack: TestStack, kinds: string, ...args: string[]): Promise<LiveObject[]> {
  const text = await stack.kubectl("get", kinds, ...args, "-o", "json");
  // kubectl prints warnings about deprecated kinds before the JSON.
  return (JSON.parse(text.slice(text.indexOf("{"))) as { items: LiveObject[] }).items;
}
