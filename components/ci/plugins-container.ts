import type * as k8s from "@pulumi/kubernetes";
import { contentHash } from "../shared/hash";
import type { PartContainer } from "../shared/pod-template";
import type { javaTrust } from "./certificates";
import { pluginList } from "../../versions/jenkins-plugins";

/** Name of the file that the installer reads. */
export const pluginsFile = "plugins.txt";

/** Folder of the home volume with the plugin sets, each named by the hash of its table. */
const sets = "plugin-sets";

/**
 * Installs a set once, completely or not at all. A restart finds it, even without the update center; a changed table is
 * a new set. The former set stays for a rollback.
 */
const script = `
set -eu
if [ ! -d "/sets/$SET" ]; then
  rm -rf "/sets/$SET.partial"
  jenkins-plugin-cli --war /usr/share/jenkins/jenkins.war --plugin-file /plugins/${pluginsFile} \\
    --plugin-download-directory "/sets/$SET.partial" --latest false
  mv "/sets/$SET.partial" "/sets/$SET"
fi
touch "/sets/$SET"
ls -1t /sets | tail -n +3 | while read -r old; do rm -rf "/sets/$old"; done
`.trim();

/** Returns the hash that names the plugin set, in Jenkins and in the installer. */
export function pluginSet(jenkinsImage: string): string {
  return contentHash({ plugins: pluginList(), image: jenkinsImage });
}

/** Mounts the plugin set of the table, and no other plugins, into Jenkins. */
export function pluginsMount(set: string): k8s.types.input.core.v1.VolumeMount {
  return { name: "home", mountPath: "/var/jenkins_home/plugins", subPath: `${sets}/${set}` };
}

/** Returns the init container that installs the plugins. */
export function pluginsContainer(
  set: string,
  { mirror, trust }: { mirror?: string; trust: ReturnType<typeof javaTrust> },
): PartContainer {
  return {
    name: "plugins",
    image: "jenkins",
    command: ["bash", "-c", script],
    env: [
      { name: "SET", value: set },
      { name: "CACHE_DIR", value: "/tmp/cache" },
      ...trust.options.map((value) => ({ name: "JAVA_OPTS", value })),
      ...(mirror === undefined
        ? []
        : [
            { name: "JENKINS_UC", value: mirror },
            // The installer always downloads the list of all versions, from a separate host.
            { name: "JENKINS_PLUGIN_INFO", value: `${mirror}/plugin-versions.json` },
            { name: "JENKINS_UC_DOWNLOAD", value: `${mirror}/download` },
          ]),
    ],
    resources: {
      requests: { cpu: "200m", memory: "512Mi" },
      limits: { cpu: "1", memory: "1Gi" },
    },
    volumeMounts: [
      { name: "home", mountPath: "/sets", subPath: sets },
      { name: "plugins", mountPath: "/plugins", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      ...trust.volumeMounts,
    ],
  };
}
