import * as k8s from "@pulumi/kubernetes";
import { prepareSdk } from "../../program/sdk";
import { kubernetesObjects, type KubernetesObject } from "../../render/objects";
import { record, type Registration } from "../../render/record";

export { at } from "../../render/objects";

/** Objects that a part of the program declares, without an engine. */
export interface Declared {
  registrations: Registration[];
  objects: KubernetesObject[];
  /**
   * Returns the only object of a kind and name.
   * @throws Error if there is none.
   */
  object(kind: string, name: string): KubernetesObject;
  /** Returns the names of all objects of a kind, sorted. */
  names(kind: string): string[];
}

/** Runs `body` as a program with an explicit provider and collects what it declares. */
export async function declare(body: (provider: k8s.Provider) => void): Promise<Declared> {
  const { registrations } = await record(
    () => {
      prepareSdk();
      body(new k8s.Provider("cluster", { kubeconfig: "none", context: "none" }));
      return Promise.resolve({});
    },
    "test",
    {},
  );
  return collected(registrations);
}

/** The same for existing registrations. */
export function collected(registrations: Registration[]): Declared {
  const objects = kubernetesObjects(registrations);
  const find = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  return {
    registrations,
    objects,
    object(kind, name) {
      const found = find(kind, name);
      if (found === undefined) {
        const all = objects.map((object) => `${object.kind} ${object.metadata.name}`);
        throw new Error(`no ${kind} ${name} is declared; there are ${all.join(", ")}`);
      }
      return found;
    },
    names: (kind) =>
      objects.filter((object) => object.kind === kind).map((object) => object.metadata.name),
  };
}
