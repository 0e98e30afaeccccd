import { parseDocument } from "yaml";
import { isMap } from "../../../config/is-map";
import { podTemplateOf } from "../../../config/pod-template";
import { containersOf } from "./pods";

type Fields = Record<string, unknown>;

/**
 * Returns the settings in an object for the program that runs with it: the fields of files in a ConfigMap,
 * flags and environment variables of containers, by a path that a reader recognizes.
 */
export function settingsOf(object: Fields): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const note = (path: string, value: unknown) => {
    found.set(path, value);
    // `retention.ms=86400000,retention.bytes=2147483648` within one value.
    for (const [name, part] of pairs(value)) found.set(`${path}.${name}`, part);
  };
  if (object.kind === "ConfigMap" && isMap(object.data)) {
    for (const [file, text] of Object.entries(object.data)) {
      if (typeof text === "string") collectFromFile(file, text, note);
    }
  }
  for (const [name, container] of containersOf(podTemplateOf(object)))
    collectFromContainer(name, container, note);
  return found;
}

type Note = (path: string, value: unknown) => void;

function collectFromFile(file: string, text: string, note: Note): void {
  if (/\.(json|ya?ml)$/.test(file)) {
    const document = parseDocument(text, { logLevel: "silent", uniqueKeys: false });
    if (document.errors.length === 0) {
      collectFromValue(file, document.toJS({ maxAliasCount: 100 }), note);
      return;
    }
  }
  if (/\.(properties|conf|cfg|ini|env)$/.test(file)) {
    for (const [name, value] of lines(text)) note(`${file} ${name}`, value);
  }
}

/** Lines such as `log.retention.hours=24`. */
function lines(text: string): [string, string][] {
  return [...text.matchAll(/^\s*([\w.-]+)\s*[=:]\s*(\S+)\s*$/gm)].map(
    ([, name = "", value = ""]) => [name, value],
  );
}

function pairs(value: unknown): [string, string][] {
  if (typeof value !== "string" || !/^[\w.-]+=[^,\s]*(,[\w.-]+=[^,\s]*)+$/.test(value)) return [];
  return value.split(",").map((part) => {
    const [name = "", ...rest] = part.split("=");
    return [name, rest.join("=")];
  });
}

function collectFromValue(path: string, value: unknown, note: Note): void {
  if (Array.isArray(value)) {
    value.forEach((part, index) => {
      collectFromValue(`${path}[${nameOf(part) ?? index}]`, part, note);
    });
  } else if (isMap(value)) {
    // The file's name is separate from the path inside it.
    const separator = path.includes(" ") ? "." : " ";
    for (const [key, part] of Object.entries(value))
      collectFromValue(`${path}${separator}${key}`, part, note);
  } else {
    note(path, value);
  }
}

/** Identifies an item of a list, so that an item inserted before it does not change its path. */
function nameOf(part: unknown): string | undefined {
  const { name, path, id } = isMap(part) ? part : {};
  return [name, path, id].find((it) => typeof it === "string");
}

function collectFromContainer(name: string, container: Fields, note: Note): void {
  const args = [container.command, container.args].flatMap((it) => (Array.isArray(it) ? it : []));
  for (const arg of args) {
    const flag = typeof arg === "string" ? /^-{0,2}([\w.-]+)=(.*)$/s.exec(arg) : null;
    if (flag !== null) note(`${name} ${flag[1] ?? ""}`, flag[2]);
  }
  const env = Array.isArray(container.env) ? container.env.filter(isMap) : [];
  for (const { name: variable, value } of env) {
    if (value !== undefined) note(`${name} ${String(variable)}`, value);
  }
}
