import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import program from "../index";
import { kubernetesObjects } from "../render/objects";
import { record } from "../render/record";
import { appName, stackOf } from "./config";

/** Writes a Helm chart that creates the objects of every app in its values. */
export async function writeChart(folder: string, apps: number): Promise<void> {
  mkdirSync(join(folder, "templates"), { recursive: true });
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  write("Chart.yaml", stringify({ apiVersion: "v2", name: "apps", version: "1.0.0" }));
  const names = Array.from({ length: apps }, (_, index) => appName(index));
  write("values.yaml", stringify({ apps: names }));
  const objects = (await objectsOfOne()).map((object) => stringify(object)).join("---\n");
  const template = objects.replaceAll(appName(0), "{{ . }}");
  write("templates/apps.yaml", `{{- range .Values.apps }}\n---\n${template}{{- end }}\n`);
}

async function objectsOfOne() {
  const cluster = { kubeconfig: "none", context: "none" };
  const config = { "platform:cluster": cluster, ...stackOf(1) };
  const { registrations } = await record(program, "chart", config);
  return kubernetesObjects(registrations).filter(({ metadata }) =>
    metadata.name.startsWith(appName(0)),
  );
}
