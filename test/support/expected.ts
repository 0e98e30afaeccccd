import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import program from "../../index";
import { fileName, type KubernetesObject } from "../../render/objects";
import { record, type Registration } from "../../render/record";
import { stackFileConfig } from "../../config/stack-file";
import { stackNames } from "./stacks";

/** Content of files by name. */
type Files = Map<string, string>;

/** Returns the folder of a stack's expected objects. */
export function expectedFolder(stack: string): string {
  return join(__dirname, "..", "expected", stack);
}

/**
 * Returns everything that a stack declares, independent of its current releases: a YAML file for each Kubernetes
 * object, and `resources.yaml` for all other resources.
 */
export async function declaredAs(stack: string): Promise<Files> {
  const config = withFixedReleases(stackFileConfig(stack));
  const { registrations } = await record(program, stack, config);
  const objects = registrations.filter(isObject);
  const others = registrations
    .filter((registration) => !isObject(registration))
    .map(({ type, name, inputs }) => ({ type, name, inputs }))
    .sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
  const names = fileNames(objects.map(({ inputs }) => fileName(inputs as KubernetesObject)));
  const files = objects.map((object, index) => [names[index] ?? "", shortened(object)] as const);
  return new Map(
    [...files, ["resources.yaml", others] as const]
      .map(([name, content]) => [name, yaml(content)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isObject({ type, custom }: Registration): boolean {
  return custom && type.startsWith("kubernetes:");
}

/** Returns the names of files; a hash of the object's content is removed if the name stays unique. */
function fileNames(all: readonly string[]): string[] {
  const count = new Map<string, number>();
  for (const name of all.map(withoutHash)) count.set(name, (count.get(name) ?? 0) + 1);
  return all.map((name) => (count.get(withoutHash(name)) === 1 ? withoutHash(name) : name));
}

function withoutHash(name: string): string {
  return name.replace(/-[0-9a-f]{10}\.yaml$/, ".yaml");
}

function yaml(content: object): string {
  return stringify(withoutKeys(content), {
    sortMapEntries: true,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

/** Sets one stable release and a canary for every app, so that a release does not change the files. */
export function withFixedReleases(config: Record<string, unknown>): Record<string, unknown> {
  const apps = (config["platform:apps"] ?? {}) as Record<string, Record<string, unknown>>;
  const fixed = Object.entries(apps).map(([name, app]) => {
    const settled = Object.fromEntries(Object.entries(app).filter(([key]) => !asked.includes(key)));
    const canary = "ingress" in app ? {} : { canary: { version: "1.1.0", weight: 10 } };
    return [name, { ...settled, stable: { version: "1.0.0" }, ...canary }];
  });
  return { ...config, "platform:apps": Object.fromEntries(fixed) as object };
}

/** Keys of an app's config that a release changes. */
const asked = ["stable", "canary", "override", "freeze", "noRollbackBelow"];

/** Returns the current content of the files. */
export function expected(stack: string): Files {
  const folder = expectedFolder(stack);
  return new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

/** The text of CRDs comes from a pinned file of another project, so only its hash is compared. */
function shortened({ type, inputs }: Registration): object {
  return type.endsWith(":CustomResourceDefinition") ? { ...inputs, spec: "…" } : inputs;
}

/** Replaces private keys of certificates: they are derived from a constant seed, but look like leaked secrets. */
function withoutKeys(value: object): object {
  return JSON.parse(
    JSON.stringify(value, (_key, it: unknown) =>
      typeof it === "string" && it.startsWith("-----BEGIN") ? "…" : it,
    ),
  ) as object;
}

async function writeAll(): Promise<void> {
  // Sequentially, because a run of the program uses the SDK's global state.
  for (const stack of stackNames) {
    const files = await declaredAs(stack);
    rmSync(expectedFolder(stack), { recursive: true, force: true });
    mkdirSync(expectedFolder(stack), { recursive: true });
    for (const [name, text] of files) writeFileSync(join(expectedFolder(stack), name), text);
  }
}

if (require.main === module) void writeAll();
