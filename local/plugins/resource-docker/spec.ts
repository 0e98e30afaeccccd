import { join } from "node:path";
import { isMap, PropertyMap, PropertyValue, Secret, unwrapSecrets } from "../shared/values";

/** User name and password for a registry. */
export interface Login {
  server: string;
  username: string;
  password: string;
}

/** What to build, and where to push it. */
export interface ImageSpec {
  /** repository[:tag]. */
  imageName: string;
  /** Folder of the build context, relative to the program. Default: ".". */
  context: string;
  /** Path relative to the program. Default: `Dockerfile` in the context. */
  dockerfile: string;
  args: { readonly [name: string]: string };
  platform?: string;
  target?: string;
  network?: string;
  addHosts: string[];
  cacheFrom: string[];
  /** Whether to use BuildKit instead of the legacy builder. Default: true. */
  buildKit: boolean;
  skipPush: boolean;
  /** The registry of `imageName`, for example docker.io. */
  registryServer: string;
  login?: Login;
  /** Strings that must not be shown: passwords, and every secret build argument. */
  secrets: string[];
}

/** Reads the inputs of an image; all must be known. */
export function readSpec(inputs: PropertyMap): ImageSpec {
  const plain = unwrapSecrets(inputs);
  const build = map(plain.build);
  const registry = map(plain.registry);
  const imageName = text(plain.imageName) ?? "";
  const registryServer = text(registry.server) ?? serverOf(imageName);
  const { username, password } = registry;
  const context = text(build.context) ?? ".";
  return {
    imageName,
    context,
    dockerfile: text(build.dockerfile) ?? join(context, "Dockerfile"),
    args: Object.fromEntries(
      Object.entries(map(build.args)).map(([name, value]) => [name, text(value) ?? ""]),
    ),
    platform: text(build.platform),
    target: text(build.target),
    network: text(build.network),
    addHosts: list(build.addHosts),
    cacheFrom: list(map(build.cacheFrom).images),
    buildKit: build.builderVersion !== "BuilderV1",
    skipPush: plain.skipPush === true,
    registryServer,
    login:
      typeof username === "string" && typeof password === "string"
        ? { server: registryServer, username, password }
        : undefined,
    secrets: [...list([password ?? null]), ...secretTexts(inputs)],
  };
}

/** Returns the registry in an image's name: its first part, if that looks like a host. */
function serverOf(imageName: string): string {
  const [first = "", ...rest] = imageName.split("/");
  const isHost = /[.:]/.test(first) || first === "localhost";
  return rest.length > 0 && isHost ? first : "docker.io";
}

/** Returns every string in a secret part of `value`, and each of its lines, because output is shown line by line. */
function secretTexts(value: PropertyValue, inSecret = false): string[] {
  if (value instanceof Secret) return secretTexts(value.value, true);
  if (typeof value === "string") return inSecret ? textAndLines(value) : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretTexts(item, inSecret));
  if (!isMap(value)) return [];
  return Object.values(value).flatMap((item) => secretTexts(item, inSecret));
}

/** Short lines such as brackets are not secret, and replacing them would make the output unreadable. */
const SHORT_LINE = 4;

function textAndLines(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.length > SHORT_LINE);
  return text === "" ? [] : [text, ...lines];
}

function map(value: PropertyValue | undefined): PropertyMap {
  return isMap(value) ? value : {};
}

function list(value: PropertyValue | undefined): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === "string" && item !== "")
    : [];
}

function text(value: PropertyValue | undefined): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return undefined;
}
