import { groupOf, type PackageObject } from "../../components/charts/kinds";
import type { Fields } from "../../components/charts/pods";
import { expected, keyOf, listed, show, type ConfigError } from "../../config/errors";
import { mapAt, mapsAt } from "../../config/fields";
import { isMap } from "../../config/is-map";
import { lookup } from "../../config/lookup";
import { forbiddenKey } from "../../config/store-keys";
import type { PackageEntry } from "./entries";

const shared = "ClusterSecretStore";
const root = "platform:secretStores";

/**
 * Returns the errors of an object of the External Secrets operator in a team's package. It can read no more from a
 * ClusterSecretStore than an app of the team: the operator reads for everybody with the same credentials.
 */
export function storeProblems(
  packageEntry: PackageEntry,
  object: PackageObject,
  title: string,
): ConfigError[] {
  const { key, place } = packageEntry;
  if (place.team === undefined || groupOf(object.apiVersion) !== "external-secrets.io") return [];
  if (object.kind === "ExternalSecret")
    return readProblems(packageEntry, place.team, object, title);
  if (!object.kind.startsWith("Cluster") && !namesSharedStore(object)) return [];
  const next = "name a SecretStore of the team's namespace instead";
  const what = `no object of a team that uses a ${shared} other than ExternalSecrets`;
  return [{ key, message: expected(what, title, next) }];
}

function namesSharedStore(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(namesSharedStore);
  if (!isMap(value)) return false;
  return value["kind"] === shared || Object.values(value).some(namesSharedStore);
}

/** A place in a store that an ExternalSecret reads: one entry, or all that a search finds. */
interface Source {
  store: Fields;
  remote: Fields | "search";
}

function sourcesOf(object: PackageObject): Source[] {
  const spec = mapAt(object, "spec");
  const storeOf = (entry: Fields): Fields => {
    const source = mapAt(entry, "sourceRef");
    if (source["generatorRef"] !== undefined) return {};
    return { ...mapAt(spec, "secretStoreRef"), ...mapAt(source, "storeRef") };
  };
  return [
    ...mapsAt(spec, "data").map((entry) => ({
      store: storeOf(entry),
      remote: mapAt(entry, "remoteRef"),
    })),
    ...mapsAt(spec, "dataFrom").map((entry) => ({
      store: storeOf(entry),
      remote: isMap(entry["extract"]) ? entry["extract"] : ("search" as const),
    })),
  ];
}

function readProblems(
  { key, name, secretStores }: PackageEntry,
  team: string,
  object: PackageObject,
  title: string,
): ConfigError[] {
  const known = Object.keys(secretStores)
    .filter((it) => secretStores[it]?.kind === shared)
    .sort();
  const refusal = ({ store, remote }: Source): string | undefined => {
    if (store["kind"] !== shared) return undefined;
    const given = textOf(store["name"]);
    const found = known.includes(given) ? lookup(secretStores, given) : undefined;
    if (found === undefined)
      return expected(`a ${shared} of ${root} (${listed(known)})`, show(given));
    const rule = { prefixes: found.keys ?? [""], key: keyOf(root, [given, "keys"]) };
    if (remote !== "search") {
      const version = textOf(remote["version"]);
      const source = { key: textOf(remote["key"]), ...(version !== "" && { version }) };
      return forbiddenKey(source, { team, app: name }, rule)?.message;
    }
    if (rule.prefixes.includes("")) return undefined;
    return expected(`single keys, because ${rule.key} limits the keys`, "a search in the store");
  };
  return sourcesOf(object).flatMap((source) => {
    const message = refusal(source);
    return message === undefined ? [] : [{ key, message: `${title}: ${message}` }];
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
