import { factsAbout, type ImageFacts } from "../../versions/image-facts";
import { imageNamed } from "../../versions/images";
import { at } from "../../render/objects";
import type { Finding, ObjectRule } from "../rule";
import { containersOf, workloads, type PodSpec, type Workload } from "../workloads";

type Container = PodSpec["containers"][number];

/** Requirements of images on the pods that run them. Images without known facts are skipped. */
export const imageFactRules: ObjectRule[] = [
  {
    id: "lastingVolumes",
    title: "A persistent volume is not hidden by a VOLUME of the image",
    level: "mandatory",
    check: (objects) =>
      checkKnownImages(objects, (workload, container, { volumes }) =>
        lastingMounts(workload, container).flatMap((path) =>
          volumes
            .filter((volume) => volume !== path && isWithin(volume, path))
            .map(
              (volume) =>
                `volume mounted at ${path}: expected a mount at exactly ${volume}, which is a VOLUME of the image, got one above it: the container runtime mounts an empty volume over it`,
            ),
        ),
      ),
  },
  {
    id: "writablePaths",
    title: "Every path that an image's process writes to is writable",
    level: "mandatory",
    check: (objects) =>
      checkKnownImages(objects, ({ pod }, container, { writes, volumes }) =>
        container.securityContext?.readOnlyRootFilesystem !== true
          ? []
          : writes
              .filter((path) => !volumes.some((volume) => isWithin(path, volume)))
              .filter((path) => !isWritable(path, container, pod))
              .map((path) => `path ${path}: expected a writable volume, got a read-only one`),
      ),
  },
  {
    id: "imageShell",
    title: "A command that needs a shell runs in an image that has one",
    level: "mandatory",
    check: (objects) =>
      checkKnownImages(objects, (_workload, { command }, { shell }) =>
        shell === undefined && ["sh", "/bin/sh", "bash", "/bin/bash"].includes(command?.[0] ?? "")
          ? [
              `command: expected a program of the image, got ${command?.[0]}: the image has no shell`,
            ]
          : [],
      ),
  },
];

/** Returns the findings for all containers with a known image. */
function checkKnownImages(
  objects: Parameters<ObjectRule["check"]>[0],
  check: (workload: Workload, container: Container, facts: ImageFacts) => string[],
): Finding[] {
  return workloads(objects).flatMap((workload) =>
    containersOf(workload).flatMap((container) => {
      const facts = factsOf(container.image);
      if (facts === undefined) return [];
      return check(workload, container, facts).map((message) => ({
        object: workload.title,
        message: `container ${container.name}: ${message}`,
      }));
    }),
  );
}

/** Returns the facts about an image, regardless of its registry or mirror. */
function factsOf(reference = ""): ImageFacts | undefined {
  const name = imageNamed(reference);
  return name && factsAbout(name);
}

/** Returns the paths where a container mounts persistent data: claims of the pod and of its StatefulSet. */
function lastingMounts({ object, pod }: Workload, { volumeMounts = [] }: Container): string[] {
  const templates = (at(object, "spec.volumeClaimTemplates") ?? []) as {
    metadata: { name: string };
  }[];
  const claims = new Set([
    ...templates.map(({ metadata }) => metadata.name),
    ...(pod.volumes ?? [])
      .filter(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)
      .map(({ name }) => name),
  ]);
  return volumeMounts.filter(({ name }) => claims.has(name)).map(({ mountPath }) => mountPath);
}

function isWritable(path: string, { volumeMounts = [] }: Container, pod: PodSpec): boolean {
  const [mount] = volumeMounts
    .filter(({ mountPath }) => isWithin(path, mountPath))
    .sort((a, b) => b.mountPath.length - a.mountPath.length);
  if (mount === undefined || mount.readOnly) return false;
  const volume = (pod.volumes ?? []).find(({ name }) => name === mount.name);
  // A claim of a StatefulSet is not among the volumes of the pod template.
  return volume?.configMap === undefined && volume?.secret === undefined;
}

/** Whether a path is a folder or is inside it. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder.replace(/\/$/, "")}/`);
}
