import type { ImageFacts } from "./facts";
import type { ImageName } from "../images";

/** A public image for builds: the pod sets its user, and its command is `sleep`. */
const building = { user: 0, group: 0, volumes: [], writes: ["/tmp"] } as const;

/** Facts about the images of Jenkins, its agents and the image builders. */
export const ciImageFacts = {
  jenkins: {
    user: 1000,
    group: 1000,
    entryPoint: ["/usr/bin/tini", "--", "/usr/local/bin/jenkins.sh"],
    environment: { JENKINS_HOME: "/var/jenkins_home" },
    volumes: ["/var/jenkins_home"],
    folders: [{ path: "/usr/share/jenkins" }, { path: "/usr/share/jenkins/ref" }],
    writes: ["/var/jenkins_home", "/tmp"],
    shell: "/bin/bash",
    source: "debian/Dockerfile of jenkinsci/docker 2.568.2",
  },
  jenkinsAgent: {
    user: 1000,
    group: 1000,
    entryPoint: ["/usr/local/bin/jenkins-agent"],
    workingDirectory: "/home/jenkins",
    environment: { AGENT_WORKDIR: "/home/jenkins/agent" },
    volumes: ["/home/jenkins/.jenkins", "/home/jenkins/agent"],
    writes: ["/home/jenkins/agent", "/home/jenkins/.jenkins", "/tmp"],
    shell: "/bin/bash",
    source: "debian/Dockerfile of jenkinsci/docker-agents 3385",
  },
  buildkit: {
    user: 1000,
    group: 1000,
    entryPoint: ["rootlesskit", "buildkitd"],
    environment: {
      HOME: "/home/user",
      XDG_RUNTIME_DIR: "/run/user/1000",
      TMPDIR: "/home/user/.local/tmp",
      BUILDKIT_HOST: "unix:///run/user/1000/buildkit/buildkitd.sock",
    },
    volumes: ["/home/user/.local/share/buildkit"],
    folders: [
      { path: "/run/user/1000" },
      { path: "/home/user/.local/tmp" },
      { path: "/home/user/.local/share/buildkit" },
    ],
    writes: ["/home/user/.local/share/buildkit", "/home/user/.local/tmp", "/run/user/1000", "/tmp"],
    shell: "/bin/sh",
    source: "stage rootless of the Dockerfile of moby/buildkit at tag v0.25.1",
  },
  rclone: {
    user: 0,
    group: 0,
    entryPoint: ["rclone"],
    workingDirectory: "/data",
    environment: { XDG_CONFIG_HOME: "/config" },
    volumes: [],
    writes: ["/tmp"],
    shell: "/bin/sh",
    source: "Dockerfile of rclone/rclone",
  },
  trivy: {
    ...building,
    entryPoint: ["trivy"],
    shell: "/bin/sh",
    source: "Dockerfile of aquasecurity/trivy",
  },
  maven: {
    ...building,
    entryPoint: ["/usr/local/bin/mvn-entrypoint.sh"],
    command: ["mvn"],
    shell: "/bin/bash",
    source: "eclipse-temurin-25/Dockerfile of carlossg/docker-maven",
  },
  mavenJdk8: {
    ...building,
    entryPoint: ["/usr/local/bin/mvn-entrypoint.sh"],
    command: ["mvn"],
    shell: "/bin/bash",
    source: "eclipse-temurin-8/Dockerfile of carlossg/docker-maven",
  },
  nodeBuild: {
    ...building,
    entryPoint: ["docker-entrypoint.sh"],
    command: ["node"],
    shell: "/bin/bash",
    source: "24/trixie/Dockerfile of nodejs/docker-node",
  },
  python: {
    ...building,
    entryPoint: [],
    command: ["python3"],
    shell: "/bin/bash",
    source: "3.13/trixie/Dockerfile of docker-library/python: since 3.13 without LANG",
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;
