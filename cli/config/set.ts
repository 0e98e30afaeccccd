import { relative, resolve } from "node:path";
import { parseDocument } from "yaml";
import { parseStack } from "../../config";
import { readAppFiles, selectedFiles } from "../../config/app-files";
import { expected, show } from "../../config/errors";
import { lookup } from "../../config/lookup";
import { existingStackFile } from "../../config/stack-file";
import { configIn, platformValues } from "../../config/yaml";
import { ambiguousScalars } from "../../config/yaml-scalars";
import { YamlFile } from "../release/yaml-file";

/** A value to write into a stack's config. */
export interface Setting {
  stack: string;
  /** Key such as `platform:apps.shop.scaling.max`; the prefix is optional. */
  key: string;
  /** YAML in one line, or plain text. Undefined removes the key. */
  value?: string;
  /** Whether the value is text even if it looks like another type. */
  isText?: boolean;
  /** Folder of the stacks' files. */
  folder?: string;
}

/**
 * Changes one key in the file that contains it, and leaves every other line as it is. `pulumi config set` would
 * rewrite the whole file, with every value as the engine reads it.
 * @returns path of the file.
 * @throws InvalidConfig if the config would not be valid; the file is then unchanged.
 */
export function setConfig({ stack, key, value, isText, folder = "." }: Setting): string {
  const path = key.replace(/^platform:/, "").split(".");
  const [section = "", name = ""] = path;
  if (path.some((part) => part === "")) {
    throw new Error(`<key>: ${expected("a key such as apps.shop.scaling.max", show(key))}`);
  }
  const main = new YamlFile(existingStackFile(stack, folder));
  const { appFiles } = platformValues(configIn(main.path, main.document));
  const ofApp =
    section === "apps" ? lookup(selectedFiles(appFiles, folder).origins, name) : undefined;
  const file = ofApp === undefined ? main : new YamlFile(resolve(folder, ofApp));
  const place =
    ofApp === undefined ? ["config", `platform:${section}`, ...path.slice(1)] : path.slice(2);
  if (place.length === 0) {
    throw new Error(
      `<key>: ${expected(`a key of the app, because ${ofApp} contains only the app`, show(key))}`,
    );
  }
  change(file, place, value, isText ?? false);
  const files = readAppFiles(appFiles, folder);
  if (ofApp !== undefined) files.apps[name] = file.document.toJS();
  // Throws before the file changes.
  parseStack(stack, platformValues(configIn(main.path, main.document)), files, folder);
  file.save();
  return relative(resolve(folder), resolve(file.path));
}

function change(file: YamlFile, place: string[], value: string | undefined, isText: boolean): void {
  // Items of a list are addressed by their index.
  const path = place.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  if (value !== undefined) {
    const given = isText ? value : valueOf(value);
    if (typeof given === "object") file.document.setIn(path, file.document.createNode(given));
    else file.setScalar(path, given as string | number | boolean);
  } else if (!file.document.deleteIn(path)) {
    throw new Error(`<key>: ${expected("a key that the file has", show(place.join(".")))}`);
  }
}

/** Returns the YAML value of an argument on the command line. */
function valueOf(text: string): unknown {
  const document = parseDocument(text, { merge: true });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new Error(`<value>: ${expected("YAML, or any text with --text", show(text))}`);
  }
  const [ambiguous] = ambiguousScalars(document);
  if (ambiguous !== undefined) throw new Error(`<value>${ambiguous}, or give --text`);
  return document.toJS();
}
