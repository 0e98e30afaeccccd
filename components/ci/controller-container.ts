import type * as pulumi from "@pulumi/pulumi";
import type { PartContainer } from "../shared/pod-template";
import type { Resources } from "../../config";
import { backupFolder } from "./casc-settings";
import type { javaTrust } from "./certificates";
import { httpPort } from "./names";
import { pluginsMount } from "./plugins-container";
import { jobsFile, jobsFolder } from "./reload";

/** File of the settings in its ConfigMap. */
export const settingsFile = "settings.yaml";

/** File of the script that runs when Jenkins has started. */
export const initFile = "trigger-token.groovy";

const settingsFolder = "/var/jenkins_config/settings";
const secretsFolder = "/run/secrets/jenkins";
const home = "/var/jenkins_home";

/** The container of Jenkins itself. */
export function jenkinsContainer({
  set,
  secret,
  resources,
  trust,
}: {
  /** Hash of the plugins' table. */
  set: string;
  /** Secret that holds the token for loading settings again. */
  secret: pulumi.Input<string>;
  resources: Resources;
  /** What makes Java and git trust the company's authorities. */
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
    // A large home takes minutes to load.
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
