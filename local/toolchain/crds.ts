import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { moduleFolder } from "./go-module";
import { localFolder } from "./paths";

/** Custom resource definitions of another project, taken from its Go module. */
export interface CrdSource {
  name: string;
  version: string;
  /** Go module, and the folder in it that holds the definitions. */
  module: string;
  folder: string;
  /** SHA-256 of the file that {@link normalised} makes of them. */
  sha256: string;
}

/** Every set of definitions that the stacks' config may name. */
const crdSources: readonly CrdSource[] = [
  {
    name: "gateway-api",
    version: "v1.4.0",
    module: "sigs.k8s.io/gateway-api",
    folder: "config/crd/standard",
    sha256: "1399269f03648a55c8940fb7c666b4eefebd266de647f7d44bf79b7fa3f02760",
  },
  {
    name: "keda",
    version: "v2.20.2",
    module: "github.com/kedacore/keda/v2",
    folder: "config/crd/bases",
    sha256: "f75cf40945d416acff5698eb3485b3cdd64b59d797b21da273a8026392f92c23",
  },
  {
    name: "volume-snapshot",
    version: "v8.6.0",
    module: "github.com/kubernetes-csi/external-snapshotter/client/v8",
    folder: "config/crd",
    sha256: "67551296a9cff57b38fd9b7041da095b212fe573e22a90097547ba2b18db293e",
  },
];

/** Puts every set of definitions into `.local/crds/`, where the stacks' config names them. */
export async function ensureCrds(report: (line: string) => void = console.error): Promise<void> {
  for (const source of crdSources) {
    const file = join(localFolder, "crds", `${source.name}-${source.version}.yaml`);
    if (existsSync(file) && checksum(readFileSync(file, "utf8")) === source.sha256) continue;
    report(`${source.name} ${source.version}: fetching its definitions`);
    const text = normalised(await moduleFiles(source));
    const found = checksum(text);
    if (found !== source.sha256) {
      throw new Error(
        `The definitions of ${source.name} ${source.version} have the checksum ${found}, pinned is ${source.sha256}; they are not used.`,
      );
    }
    mkdirSync(join(localFolder, "crds"), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  }
}

/** The definitions among some YAML texts, the same bytes whatever form they came in. */
export function normalised(texts: string[]): string {
  const definitions = texts
    .flatMap((text) => parseAllDocuments(text))
    .map((document) => document.toJS() as Definition | null)
    .filter((definition) => definition?.kind === "CustomResourceDefinition")
    .map((definition) => definition as Definition);
  for (const definition of definitions) {
    delete definition.status;
    delete definition.metadata.creationTimestamp;
  }
  definitions.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return definitions.map((definition) => stringify(definition)).join("---\n");
}

interface Definition {
  kind: string;
  metadata: { name: string; creationTimestamp?: unknown };
  status?: unknown;
}

async function moduleFiles({ module, version, folder }: CrdSource): Promise<string[]> {
  const place = join(await moduleFolder(module, version), folder);
  return readdirSync(place)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => readFileSync(join(place, file), "utf8"));
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
