/** Where an image is pulled from, and which one it is. */
export interface Image {
  registry: string;
  repository: string;
  tag: string;
  /** Content digest (`sha256:…`), where known; it then decides, not the tag. */
  digest?: string;
}

/** Every image of the platform, pinned. An app's image is the app's own affair. */
export const images = {
  /** The version whose routing the end-to-end tests prove. */
  traefik: { registry: "docker.io", repository: "library/traefik", tag: "v3.6.15" },
  /** Runs as user 101; stands in front of PHP-FPM. */
  nginx: { registry: "docker.io", repository: "nginxinc/nginx-unprivileged", tag: "1.29.3-alpine" },
} as const satisfies Record<string, Image>;

/** Name of a platform image. */
export type ImageName = keyof typeof images;

/**
 * The reference of an image as a pod names it.
 * @param mirror prefix of an internal mirror that stands in for the image's own registry.
 */
export function imageReference(image: Image, mirror?: string): string {
  const name = `${mirror ?? image.registry}/${image.repository}:${image.tag}`;
  return image.digest === undefined ? name : `${name}@${image.digest}`;
}
