import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { tools } from "../../versions/tools";
import { ensureCheckedFile } from "./checked-file";
import { moduleFolder } from "./go-module";
import { localFolder } from "./paths";

/** Custom resource definitions of another project, from its Go module. */
export interface CrdSource {
  name: string;
  version: string;
  /** Go module, and the folder in it with the CRDs. */
  module: string;
  folder: string;
  /** File in the folder. Default: all `.yaml` files. */
  file?: string;
  /** SHA-256 of the file that {@link normalizedCrds} produces. */
  sha256: string;
}

/** Every set of CRDs that the stacks' config can name, or that apps have objects of. */
const crdSources: readonly CrdSource[] = [
  {
    name: "gateway-api",
    version: `v${tools.crds.gatewayApi}`,
    module: "sigs.k8s.io/gateway-api",
    folder: "config/crd/standard",
    sha256: "ce4cb96119019b0629a45af5cb16e0e98092c83e7e83f45d05a26d27eccfbede",
  },
  {
    name: "external-secrets",
    version: `v${tools.crds.externalSecrets}`,
    module: "github.com/external-secrets/external-secrets",
    folder: "config/crds/bases",
    file: "external-secrets.io_externalsecrets.yaml",
    sha256: "d7dce6f56fa5a8fc68f19b7d44f78385d0dd7e545fa047e7efab705a78daee1f",
  },
  {
    name: "keda",
    version: `v${tools.keda}`,
    module: "github.com/kedacore/keda/v2",
    folder: "config/crd/bases",
    sha256: "0610b9fd808d67616c8b96d4601edfee2788dd4d130a6eba5e4acb41147ca238",
  },
  {
    name: "traefik",
    version: `v${tools.traefik}`,
    module: "github.com/traefik/traefik/v3",
    folder: "docs/content/reference/dynamic-configuration",
    file: "kubernetes-crd-definition-v1.yml",
    sha256: "3dec89041597405c6717791f94f6fc2bf89b59fd84a5f0e77955f733a505a059",
  },
  {
    name: "volume-snapshot",
    version: `v${tools.crds.volumeSnapshot}`,
    module: "github.com/kubernetes-csi/external-snapshotter/client/v8",
    folder: "config/crd",
    sha256: "2768fb8c327a07081e6720f988793ef75fd0200c3675c2a51ce35a96622cf9ee",
  },
];

/** Returns the path of a set of CRDs, as {@link ensureCrds} writes it. */
export function crdFile(name: string): string {
  const source = crdSources.find((it) => it.name === name);
  if (source === undefined) throw new Error(`expected the name of a set of CRDs, got ${name}`);
  return pathOf(source);
}

function pathOf({ name, version }: CrdSource): string {
  return join(localFolder, "crds", `${name}-${version}.json`);
}

/** Writes every set of CRDs to `.local/crds/`, where the stacks' config expects them. */
export async function ensureCrds(report: (line: string) => void = console.error): Promise<void> {
  for (const source of crdSources) {
    await ensureCheckedFile(pathOf(source), source, async () => {
      report(`${source.name} ${source.version}: fetching its custom resource definitions`);
      return normalizedCrds(await moduleFiles(source));
    });
  }
}

/**
 * Returns the CRDs in YAML texts in a canonical format. It is a JSON list, because each preview reads it, and YAML
 * would take a third of a second.
 * @throws Error for a text that is not valid YAML.
 */
export function normalizedCrds(texts: string[]): string {
  const definitions = texts
    .flatMap((text) => parseAllDocuments(text))
    .map((document) => {
      // A parser that continues after an error may put values in the wrong place.
      const [error] = document.errors;
      if (error !== undefined)
        throw new Error(`the definitions are not valid YAML: ${error.message}`);
      return document.toJS() as Definition | null;
    })
    .filter((definition) => definition?.kind === "CustomResourceDefinition")
    .map((definition) => definition as Definition);
  for (const definition of definitions) {
    delete definition.status;
    delete definition.metadata.creationTimestamp;
  }
  definitions.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items: definitions }, null, 1)}\n`;
}

interface Definition {
  kind: string;
  metadata: { name: string; creationTimestamp?: unknown };
  status?: unknown;
}

async function moduleFiles({ module, version, folder, file: only }: CrdSource): Promise<string[]> {
  const place = join(await moduleFolder(module, version), folder);
  return readdirSync(place)
    .filter((file) => (only === undefined ? file.endsWith(".yaml") : file === only))
    .map((file) => readFileSync(join(place, file), "utf8"));
}
