import type { ImageFacts } from "../image-facts";
import type { ImageName } from "../../../versions/images";

/** The image of the gateway. */
export const gatewayImageFacts = {
  traefik: {
    // The image names no user.
    user: 0,
    group: 0,
    // A shell script, which puts "traefik" in front of arguments that begin with a dash.
    entryPoint: ["/entrypoint.sh"],
    command: ["traefik"],
    volumes: [],
    folders: ["/usr/local/bin"],
    // Bodies that the middleware "buffering" holds back.
    writes: ["/tmp"],
    shell: "/bin/sh",
    source: "traefik-library-image v3.6/alpine/Dockerfile",
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;
