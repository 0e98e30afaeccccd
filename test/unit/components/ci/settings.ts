import type * as k8s from "@pulumi/kubernetes";
import { parse } from "yaml";
import { jenkinsSettings, type SettingsArgs } from "../../../../components/ci/casc-settings";
import { cascYaml } from "../../../../components/ci/casc-yaml";
import { cascSchema, type CascText } from "../../../support/casc-schema";

export const standard: SettingsArgs = {
  url: "https://ci.platform.test",
  internalUrl: "http://jenkins.ci.svc:8080",
  login: { type: "local" },
  administrators: ["operations"],
  teams: { commerce: { view: ["support"], build: ["commerce-developers"] } },
  repository: { url: "https://git.test/ops/platform.git", branch: "main", secret: "jenkins-git" },
  agents: { quota: { pods: 7 } },
};

/** Returns the settings as Jenkins reads them. */
export function settings(args: Partial<SettingsArgs> = {}): CascText {
  return cascSchema.parse(parse(cascYaml(jenkinsSettings({ ...standard, ...args }))));
}

export type Pod = k8s.types.output.core.v1.Pod;

export function agents(): { label: string; pod: Pod }[] {
  return settings().jenkins.clouds[0].kubernetes.templates.map(({ label, yaml }) => ({
    label,
    pod: parse(yaml) as Pod,
  }));
}
