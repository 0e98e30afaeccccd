import type { KubernetesObject } from "../../../render/objects";

interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
}

interface Claim {
  metadata: { name: string };
  spec: object;
}

interface Controller {
  template?: PodTemplate;
  jobTemplate?: { spec: { template: PodTemplate } };
  volumeClaimTemplates?: Claim[];
}

const controllers = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

/**
 * Returns the pod and the claims that a controller would create from an object. Validation of the object itself does
 * not show whether Pod Security, a LimitRange and a quota admit them, and whether the claims are valid.
 */
export function podsOf({ kind, metadata, ...object }: KubernetesObject): KubernetesObject[] {
  if (!controllers.includes(kind)) return [];
  const spec = object["spec"] as Controller;
  const template = spec.template ?? spec.jobTemplate?.spec.template;
  if (template === undefined) return [];
  const { namespace } = metadata;
  const claims = spec.volumeClaimTemplates ?? [];
  const { volumes = [] } = template.spec as { volumes?: object[] };
  const claimed = claims.map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: name },
  }));
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...template.metadata, name: `of-${kind.toLowerCase()}`, namespace },
      // Its account exists only in its own namespace.
      spec: { ...template.spec, serviceAccountName: "default", volumes: [...volumes, ...claimed] },
    },
    ...claims.map((claim) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { ...claim.metadata, namespace },
      spec: claim.spec,
    })),
  ];
}
