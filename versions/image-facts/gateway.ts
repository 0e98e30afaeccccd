import type { ImageFacts } from "./facts";
import type { ImageName } from "../images";

/** Facts about the images of the gateway, and of the web server next to PHP-FPM. */
export const gatewayImageFacts = {
  traefik: {
    // The image sets no user.
    user: 0,
    group: 0,
    // A shell script that puts "traefik" before arguments that begin with a dash.
    entryPoint: ["/entrypoint.sh"],
    command: ["traefik"],
    volumes: [],
    folders: [{ path: "/usr/local/bin", owner: [0, 0] }],
    // Request bodies that the middleware "buffering" stores.
    writes: ["/tmp"],
    shell: "/bin/sh",
    source: "traefik-library-image v3.6/alpine/Dockerfile and entrypoint.sh: no USER, no VOLUME",
  },
  nginx: {
    user: 101,
    group: 101,
    entryPoint: ["/docker-entrypoint.sh"],
    command: ["nginx", "-g", "daemon off;"],
    volumes: [],
    folders: [
      { path: "/etc/nginx", owner: [101, 0], mode: 0o775 },
      { path: "/etc/nginx/conf.d", owner: [101, 0], mode: 0o775 },
    ],
    // The process file and temporary files.
    writes: ["/tmp"],
    shell: "/bin/sh",
    source:
      "nginx/docker-nginx-unprivileged mainline/alpine-slim/Dockerfile, commit 1b4a181c07c7511b083a4c8136b35f940dfeb81c (1.29.3), on which mainline/alpine is based: USER 101",
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;
