import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseTemplate } from "../../config";
import type { VolumesConfig } from "../../config/app/volumes";
import { objectLabels } from "../shared/labels";

type Volume = k8s.types.input.core.v1.Volume;

/** Group of the files in a pod's volumes, and of the pod's processes. */
export const volumeGroup = 1000;

/** Returns the name of the claim of an app's volume. */
function claimName(app: string, volume: string): string {
  return `${app}-${volume}`;
}

/**
 * Declares the claims that all pods of an app share. They stay in the cluster if the app or the volume is
 * removed. To delete the data, delete the claim by hand.
 */
export function volumeClaims(
  app: string,
  { namespace, volumes }: { namespace: pulumi.Input<string>; volumes: VolumesConfig },
  parent: pulumi.Resource,
): k8s.core.v1.PersistentVolumeClaim[] {
  const shared = Object.entries(volumes).filter(([, { per }]) => per === "app");
  return shared.map(([volume, { storageClass, size }]) => {
    const name = claimName(app, volume);
    return new k8s.core.v1.PersistentVolumeClaim(
      name,
      {
        metadata: {
          name,
          namespace,
          labels: objectLabels(app, "apps"),
          // A class may bind a volume only when a pod needs it, and the pod comes after it.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: storageClass,
          resources: { requests: { storage: size } },
        },
      },
      { parent, retainOnDelete: true },
    );
  });
}

/** Returns where a release's own container mounts its volumes. */
export function volumeMountsOf({
  volumes = {},
}: ReleaseTemplate): { name: string; mountPath: string }[] {
  return Object.entries(volumes).map(([volume, { path }]) => ({
    name: volumeName(volume),
    mountPath: path,
  }));
}

function volumeName(volume: string): string {
  return `volume-${volume}`;
}

/** Returns the volumes of a release's pods: claims of the app, and those that each pod creates for itself. */
export function releaseVolumeMounts(
  app: string,
  template: ReleaseTemplate,
): { volumes: Volume[]; volumeMounts: k8s.types.input.core.v1.VolumeMount[] } {
  return {
    volumes: Object.entries(template.volumes ?? {}).map(([volume, { claim }]): Volume => {
      const name = volumeName(volume);
      if (claim === undefined) {
        return { name, persistentVolumeClaim: { claimName: claimName(app, volume) } };
      }
      const { storageClass, size, accessMode } = claim;
      const spec = {
        accessModes: [accessMode],
        storageClassName: storageClass,
        resources: { requests: { storage: size } },
      };
      const metadata = { labels: objectLabels(app, "apps") };
      return { name, ephemeral: { volumeClaimTemplate: { metadata, spec } } };
    }),
    volumeMounts: volumeMountsOf(template),
  };
}
