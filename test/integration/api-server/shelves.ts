import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChartStack } from "../../support/chart-stack";

/** Folder in the project that only this test writes to. */
const scratch = "out/renamed-entries";

const version = (name: string, storage: boolean) => `
    - name: ${name}
      served: true
      storage: ${storage}
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}`;
const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shelves.shelves.example.com}
spec:
  group: shelves.example.com
  scope: Namespaced
  names: {kind: Shelf, plural: shelves, singular: shelf}
  versions:${version("v1alpha1", false)}${version("v1", true)}
`;
const shelf = (version: string, books: number) => `
apiVersion: shelves.example.com/${version}
kind: Shelf
metadata: {name: first}
spec: {books: ${books}}
`;
const map = (name: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {first: novels}\n`;

function write(name: string, files: Record<string, string>): void {
  rmSync(join(scratch, name), { recursive: true, force: true });
  mkdirSync(join(scratch, name), { recursive: true });
  for (const [file, text] of Object.entries(files))
    writeFileSync(join(scratch, name, `${file}.yaml`), text);
}

/** Manifests whose objects get another name in the program, and keep theirs in the cluster. */
export class Shelves {
  constructor(private readonly stack: ChartStack) {}

  /**
   * Declares the shelves as an entry of the config.
   * @param former name of the entry, as `formerly` states it. Default: nothing is stated.
   */
  declare(entry: string, former?: string): void {
    this.stack.components(({ manifests = {} }) => {
      for (const name of ["shelves", "books", "library"]) delete manifests[name];
      const formerly = former === undefined ? {} : { formerly: former };
      manifests[entry] = { folder: `${scratch}/shelves`, namespace: "library", ...formerly };
    });
  }

  /** Writes the manifests of the shelves. */
  fill(version: "v1alpha1" | "v1", books: number): void {
    write("shelves", { definition, shelf: shelf(version, books), labels: map("labels") });
  }

  /** Declares two entries of a team, of which one has the ConfigMap `moved`. */
  place(entry: "from" | "to"): void {
    const moved = (name: string): Record<string, string> =>
      name === entry ? { moved: map("moved") } : {};
    write("from", { stays: map("stays"), ...moved("from") });
    write("to", { there: map("there"), ...moved("to") });
    this.stack.components(({ manifests = {} }) => {
      for (const name of ["from", "to"])
        manifests[name] = { folder: `${scratch}/${name}`, team: "commerce" };
    });
  }

  /** Returns what the objects are in the cluster, one a line. */
  async uids(): Promise<string[]> {
    const path = "jsonpath={range .items[*]}{.kind} {.metadata.uid}{'\\n'}{end}";
    const named = [
      ...["shelves.shelves.example.com/first", "configmap/labels", "namespace/library"],
      ...["crd/shelves.shelves.example.com", "networkpolicy/network"],
    ];
    const lines = await this.stack.kubectl("get", ...named, "-n", "library", "-o", path);
    const moved = ["configmap/moved", "configmap/stays", "-n", "commerce-dev", "-o", path];
    return `${lines}${await this.stack.kubectl("get", ...moved)}`.trim().split("\n");
  }

  /** Returns the number of books of the shelf. */
  books(): Promise<string> {
    const shelf = ["shelves.shelves.example.com/first", "-n", "library"];
    return this.stack.kubectl("get", ...shelf, "-o", "jsonpath={.spec.books}");
  }

  /** Deletes the manifests. */
  static remove(): void {
    rmSync(scratch, { recursive: true, force: true });
  }
}
