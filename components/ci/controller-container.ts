import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerSecurityContext } from "../shared/pods";
import { backupFolder } from "./casc-settings";
import { pluginsMount } from "./plugins-container";
import { jobsFile, jobsFolder } from "./reload";

/** Port of Jenkins' pages, its API, its metrics, and its agents. */
export const httpPort = 8080;

/** File of the settings in its ConfigMap. */
export const settingsFile = "settings.yaml";

/** File of the script that runs when Jenkins has started. */
export const initFile = "trigger-token.groovy";

const settingsFolder = "/var/jenkins_config/settings";
const secretsFolder = "/run/secrets/jenkins";
const home = "/var/jenkins_home";

/** The container of Jenkins itself. */
export function jenkinsContainer(
  image: string,
  {
    set,
    secret,
    resources,
  }: {
    /** Hash of the plugins' table. */
    set: string;
    /** Secret that holds the token for loading settings anew. */
    secret: pulumi.Input<string>;
    resources: k8s.types.input.core.v1.ResourceRequirements;
  },
): k8s.types.input.core.v1.Container {
  const login = { httpGet: { path: "/login", port: "http" }, timeoutSeconds: 5 };
  return {
    name: "jenkins",
    image,
    env: [
      {
        name: "JAVA_OPTS",
        // The rest of the memory is for threads, classes and file buffers.
        value: "-Djenkins.install.runSetupWizard=false -XX:MaxRAMPercentage=60",
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
    ],
    ports: [{ name: "http", containerPort: httpPort }],
    // A large home takes minutes to load.
    startupProbe: { ...login, periodSeconds: 10, failureThreshold: 60 },
    livenessProbe: { ...login, periodSeconds: 10, failureThreshold: 5 },
    readinessProbe: { ...login, periodSeconds: 10, failureThreshold: 3 },
    resources,
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
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
    ],
  };
}
