import { imageNamed } from "../../versions/images";
import { imagesWithoutDigest } from "../exceptions";
import type { Finding, ObjectRule } from "../rule";
import type { KubernetesObject } from "../../render/objects";
import { containersOf, workloads } from "../workloads";

/** A tag other than `latest`, or a digest. */
const pinned = /(:(?!latest$)\w[\w.-]*|@sha256:[0-9a-f]{64})$/;

/** Images that are no longer maintained at their location. */
const retired = /bitnami|k8s\.gcr\.io|minio\/|ingress-nginx|^docker\.io\/(library\/)?elasticsearch/;

/** Rules about the images of pods. */
export const imageRules: ObjectRule[] = [
  {
    id: "pinnedImages",
    title: "Images are pinned: a tag other than latest, or a digest",
    level: "mandatory",
    check: (objects) =>
      images(objects)
        .filter(({ image }) => !pinned.test(image))
        .map(finding("with a tag other than latest, or a digest")),
  },
  {
    id: "imageDigests",
    title: "Images of the platform have their digest if platform:policy.digests requires it",
    level: "mandatory",
    check: (objects, { digests }) =>
      digests === "required"
        ? images(objects)
            .filter(({ image }) => lacksDigest(image))
            .map(
              finding(
                "with a digest",
                "set platform:images.digests to used, or fill the table: npx platform versions pin",
              ),
            )
        : [],
  },
  {
    id: "retiredImages",
    title: "Images do not come from abandoned sources",
    level: "mandatory",
    check: (objects) =>
      images(objects)
        .filter(({ image }) => retired.test(image))
        .map(finding("whose source gets security updates")),
  },
  {
    id: "allowedRegistries",
    title: "Images come from the registries that platform:policy.registries names",
    level: "mandatory",
    check: (objects, { registries }) =>
      registries === undefined
        ? []
        : images(objects)
            .filter(({ image }) => !registries.some((registry) => isFrom(image, registry)))
            .map(finding(`of ${registries.join(", ") || "no registry"}`)),
  },
];

/** Versions of an app's own images are immutable in its registry; platform images come from other registries. */
function lacksDigest(image: string): boolean {
  const name = imageNamed(image);
  if (name === undefined || image.includes("@sha256:")) return false;
  return !imagesWithoutDigest.images.includes(name);
}

interface UsedImage {
  object: string;
  container: string;
  image: string;
}

function images(objects: KubernetesObject[]): UsedImage[] {
  return workloads(objects).flatMap((workload) =>
    containersOf(workload).map(({ name, image }) => ({
      object: workload.title,
      container: name,
      image: image ?? "",
    })),
  );
}

/** Whether an image is in a registry, or under a path of one. An image without a registry is in Docker Hub. */
function isFrom(image: string, registry: string): boolean {
  const [first = "", ...rest] = image.split("/");
  const named = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const full = named ? image : `docker.io/${rest.length > 0 ? "" : "library/"}${image}`;
  return full.startsWith(`${registry}/`);
}

function finding(wanted: string, next?: string): (image: UsedImage) => Finding {
  return ({ object, container, image }) => ({
    object,
    message: `container ${container}: expected an image ${wanted}, got ${JSON.stringify(image)}${next === undefined ? "" : `; ${next}`}`,
  });
}
