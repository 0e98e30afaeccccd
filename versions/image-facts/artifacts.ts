import type { ImageFacts } from "./facts";
import type { ImageName } from "../images";

/** Facts about the images of the artifact repository. */
export const artifactsImageFacts = {
  nexus: {
    user: 200,
    group: 200,
    entryPoint: [],
    command: ["/opt/sonatype/nexus/bin/nexus", "run"],
    workingDirectory: "/opt/sonatype",
    environment: { NEXUS_DATA: "/nexus-data", NEXUS_HOME: "/opt/sonatype/nexus" },
    volumes: ["/nexus-data"],
    folders: [{ path: "/opt/sonatype/nexus" }],
    // The JVM is unpacked, and its start options are written, below its home directory.
    writes: ["/nexus-data", "/opt/sonatype", "/tmp"],
    shell: "/bin/sh",
    source: "Dockerfile of sonatype/docker-nexus3 3.91",
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;
