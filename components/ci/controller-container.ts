import type * as pulumi from "@pulumi/pulumi";
import type { PartContainer } from "../shared/pod-template";
import type { Resources } from "../../config";
import { backupFolder } from "./casc-settings";
import type { javaTrust } from "./certificates";
import { httpPort } from "./names";
import { pluginsMount } from "./plugins-container";
import { jobsFile, jobsFolder } from "./reload";

/** Key of the settings in their ConfigMap. */
export const settingsFile = "settings.yaml";

/** Name of the script that runs once Jenkins has started. */
export const initFile = "trigger-token.groovy";

const settingsFolder = "/var/jenkins_config/settings";
const secretsFolder = "/run/secrets/jenkins";
const home = "/var/jenkins_home";

/** Returns the container of Jenkins. */
export function jenkinsContainer({
  set,
  secret,
  resources,
  trust,
}: {
  /** Hash of the plugin table. */
  set: string;
  /** Secret with the token for reloading the settings. */
  secret: pulumi.Input<string>;
  resources: Resources;
  /** Makes Java and git trust the company's CAs. */
  trust: ReturnType<typeof javaTrust>;
}): PartContainer {
  const login = { httpGet: { path: "/login", port: "http" }, timeoutSeconds: 5 };
  return {
    name: "jenkins",
    image: "jenkins",
    env: [
      {
        name: "JAVA_OPTS",
        // The rest of the memory is for threads, classes and file buffers.
        value: [
          "-Djenkins.install.runSetupWizard=false",
          "-XX:MaxRAMPercentage=60",
          ...trust.options,
        ].join(" "),
      },
      { name: "JENKINS_OPTS", value: "--webroot=/var/jenkins_cache/war" },
      {
        name: "CASC_JENKINS_CONFIG",
        value: `${settingsFolder}/${settingsFile},${jobsFolder}/${jobsFile}`,
      },
      { name: "SECRETS", value: secretsFolder },
      {
        name: "CASC_RELOAD_TOKEN",
        valueFrom: { secretKeyRef: { name: secret, key: "reload-token" } },
      },
      ...trust.env,
    ],
    ports: [{ name: "http", containerPort: httpPort }],
    // A large home directory takes minutes to load.
    startupProbe: { ...login, periodSeconds: 10, failureThreshold: 60 },
    livenessProbe: { ...login, periodSeconds: 10, failureThreshold: 5 },
    readinessProbe: { ...login, periodSeconds: 10, failureThreshold: 3 },
    resources,
    volumeMounts: [
      { name: "home", mountPath: home },
      pluginsMount(set),
      { name: "init", mountPath: `${home}/init.groovy.d`, readOnly: true },
      { name: "backup", mountPath: backupFolder },
      { name: "settings", mountPath: settingsFolder, readOnly: true },
      { name: "jobs", mountPath: jobsFolder, readOnly: true },
      { name: "secrets", mountPath: secretsFolder, readOnly: true },
      { name: "war", mountPath: "/var/jenkins_cache" },
      { name: "tmp", mountPath: "/tmp" },
      ...trust.volumeMounts,
    ],
  };
}
