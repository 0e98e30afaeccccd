import type { ImageFacts } from "../image-facts";
import type { ImageName } from "../../../versions/images";

/** The image of the gateway. */
export const gatewayImageFacts = {
  traefik: {
    // The image sets no user.
    user: 0,
    group: 0,
    // A shell script that puts "traefik" before arguments that begin with a dash.
    entryPoint: ["/entrypoint.sh"],
    command: ["traefik"],
    volumes: [],
    folders: ["/usr/local/bin"],
    // Request bodies that the middleware "buffering" stores.
    writes: ["/tmp"],
    shell: "/bin/sh",
    source: "traefik-library-image v3.6/alpine/Dockerfile",
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;
