import { dnsImage } from "../../machines/dns";
import { pauseImage } from "../../machines/settings";
import type { Assembled } from "../facts";
import { debian, files, program } from "../layers";

/** Images of the local cluster itself, by reference. */
export const systemImages: Record<string, Assembled> = {
  [pauseImage]: {
    facts: {
      user: 65_535,
      group: 65_535,
      entryPoint: ["/pause"],
      volumes: [],
      source: "kubernetes/kubernetes v1.36, build/pause/Dockerfile: USER 65535:65535",
    },
    layers: [
      debian(["busybox-static"]),
      files({ "/pause": "#!/usr/bin/busybox sh\nexec /usr/bin/busybox sleep 2147483647\n" }),
    ],
    differs: "busybox sleeps instead of the program pause",
  },
  [dnsImage]: {
    facts: {
      user: 65_532,
      group: 65_532,
      entryPoint: ["/coredns"],
      volumes: [],
      source: "coredns/coredns v1.15.0, Dockerfile: distroless, USER nonroot:nonroot",
    },
    layers: [program("coredns", "/coredns")],
  },
};
