import { existsSync } from "node:fs";
import { join } from "node:path";
import { isMap, type Document, type YAMLMap } from "yaml";
import { selectedFiles, type AppFiles } from "../../config/app-files";
import type { ConfigError } from "../../config/errors";
import { at } from "../../config/fields";
import { lookup } from "../../config/lookup";
import { reasonOf } from "../../config/reason";
import { noStackText } from "../../config/stack-file";
import { configIn, platformValues } from "../../config/yaml";
import { idOf, quoteVersion, type Evidence, type ReleaseChoice } from "./choice";
import { reloadAll, restoreAll, saveAll } from "./saved-files";
import {
  aliasText,
  ownMapping,
  plainOf,
  refuseCopied,
  refuseCopiedParent,
  refuseMerged,
} from "./shared-nodes";
import { YamlFile } from "./yaml-file";

export type { Evidence, ReleaseChoice } from "./choice";

const appsKey = "platform:apps";

/** A stack's config: its own file and the files of its apps. */
export class StackFile {
  private readonly main: YamlFile;
  /** Files of apps that the stack names by folder, pattern or path, by app. */
  private readonly files: Record<string, YamlFile>;
  private readonly errors: ConfigError[];

  /**
   * @param folder folder of the project.
   * @throws Error if the stack's file is missing or is not YAML.
   */
  constructor(
    readonly stack: string,
    folder = ".",
    readonly path = join(folder, `Pulumi.${stack}.yaml`),
  ) {
    if (!existsSync(path)) {
      throw new Error(noStackText(stack, folder, path));
    }
    this.main = new YamlFile(path);
    const { origins, errors } = selectedFiles(this.values()["appFiles"], folder);
    this.errors = errors;
    const files: [string, YamlFile][] = [];
    for (const [app, file] of Object.entries(origins)) {
      try {
        files.push([app, new YamlFile(join(folder, file))]);
      } catch (error) {
        this.errors.push({ key: file, message: reasonOf(error) });
      }
    }
    this.files = Object.fromEntries(files);
  }

  /** Returns the names of the stack's apps. */
  apps(): string[] {
    const apps: unknown = this.main.document.getIn(["config", appsKey]);
    const inline = isMap(apps) ? apps.items.map(({ key }) => String(key)) : [];
    return [...inline, ...Object.keys(this.files)];
  }

  /** Returns the stack's config by key, without the prefix `platform:` and without the apps' own files. */
  values(): Record<string, unknown> {
    return platformValues(configIn(this.path, this.main.document));
  }

  /** Returns the content of the apps' own files, including unsaved edits. */
  appFiles(): AppFiles {
    const files = Object.entries(this.files);
    return {
      apps: Object.fromEntries(
        files.map(([app, { document }]) => [app, document.toJS() as unknown]),
      ),
      origins: Object.fromEntries(files.map(([app, { path }]) => [app, path])),
      errors: this.errors,
    };
  }

  /** Returns the path of the file that declares an app: its own, or the stack file. */
  fileOf(app: string): string {
    return this.fileWith(app).path;
  }

  /** Returns the text that the app's file had when it was read. */
  originalOf(app: string): string {
    return this.fileWith(app).original;
  }

  /** Returns the paths of the files that differ from when they were read, saved or not. */
  changedPaths(): string[] {
    return this.all().flatMap((file) => (file.text() === file.original ? [] : [file.path]));
  }

  /** Returns the value at a path of an app, as plain data. */
  get(app: string, ...path: string[]): unknown {
    return at(plainOf(this.fileWith(app), this.node(app)), ...path);
  }

  /** Starts a canary, or replaces it. */
  setCanary(app: string, choice: ReleaseChoice, weight: number): void {
    const canary = { ...idOf(choice), weight };
    this.replace(app, "canary", canary);
    // It served the change for which it was set.
    if (this.get(app, "stable", "now") !== undefined) this.mapping(app, "stable").delete("now");
  }

  /** Sets the canary's share of the requests, percent. */
  setWeight(app: string, weight: number): void {
    this.mapping(app, "canary").set("weight", weight);
  }

  /** Makes a release stable, with the result of its check, and ends the canary. */
  setStable(app: string, choice: ReleaseChoice, check?: unknown): void {
    const stable = {
      ...idOf(choice),
      ...(check === undefined ? {} : { check }),
    };
    this.remove(app, "canary");
    this.replace(app, "stable", stable);
  }

  /** Lets requests move immediately, without waiting for the pods that they need. */
  setNow(app: string): void {
    this.mapping(app, "stable").set("now", true);
  }

  /** Ends the canary. */
  removeCanary(app: string): void {
    this.remove(app, "canary");
  }

  /** Sets one setting of an app; undefined removes it from the file. */
  setField(app: string, name: string, value: unknown): void {
    if (value === undefined) this.remove(app, name);
    else this.editable(app, name).set(name, this.documentOf(app).createNode(value));
    // `configDir` would add the current files of its folders, which are not the requested ones.
    if (name === "configFiles") this.remove(app, "configDir");
  }

  /** Records the result of a check of the canary. */
  setCheck(app: string, evidence: Evidence): void {
    const node = this.documentOf(app).createNode(evidence, { flow: true });
    this.mapping(app, "canary").set("check", node);
  }

  /** Lifts the app's own freeze. */
  removeFreeze(app: string): boolean {
    return this.remove(app, "freeze");
  }

  /** Returns the text of an app's file or of the stack file, including unsaved edits. */
  text(app?: string): string {
    return (app === undefined ? this.main : this.fileWith(app)).text();
  }

  /** Writes every edited file, each one completely or not at all; errors: {@link saveAll}. */
  save(): void {
    saveAll(this.all());
  }

  /** Discards unsaved edits. */
  reload(): void {
    reloadAll(this.all());
  }

  /** Restores the texts that were read, and returns the files that it keeps: {@link restoreAll}. */
  restore(): string[] {
    return restoreAll(this.all());
  }

  private all(): YamlFile[] {
    return [this.main, ...Object.values(this.files)];
  }

  private fileWith(app: string): YamlFile {
    return lookup(this.files, app) ?? this.main;
  }

  private documentOf(app: string): Document {
    return this.fileWith(app).document;
  }

  private node(app: string): YAMLMap {
    const file = lookup(this.files, app);
    const apps: unknown = this.main.document.getIn(["config", appsKey], true);
    const inline = isMap(apps) ? apps.get(app, true) : undefined;
    const node: unknown = file === undefined ? inline : file.document.contents;
    if (!isMap(node)) {
      const alias =
        aliasText(this.main, apps, appsKey) ?? aliasText(this.main, node, `${appsKey}.${app}`);
      if (alias !== undefined) throw new Error(alias);
      throw new Error(
        `Stack "${this.stack}" has no app "${app}"; it has ${this.apps().join(", ") || "none"}.`,
      );
    }
    return node as YAMLMap;
  }

  /** Returns an app's mapping in which a key can be changed, because no other place of the file repeats it. */
  private editable(app: string, key: string): YAMLMap {
    const node = this.node(app);
    const file = this.fileWith(app);
    refuseCopied(file, node.get(key, true), this.nameOf(app, key));
    refuseCopiedParent(file, node, key, this.nameOf(app, key));
    return node;
  }

  /** Returns a mapping of an app that is written in the app's own text. */
  private mapping(app: string, key: "stable" | "canary"): YAMLMap {
    const found = ownMapping(this.fileWith(app), this.editable(app, key), key);
    if (found === undefined) throw new Error(`App "${app}" has no ${key}.`);
    return found;
  }

  /** Removes a key. Returns false if the app, and thus any copy of it, does not have the key. */
  private remove(app: string, key: string): boolean {
    if (!this.node(app).has(key) && this.get(app, key) === undefined) return false;
    const node = this.editable(app, key);
    const removed = node.delete(key);
    refuseMerged(this.fileWith(app), node, key, this.nameOf(app, key));
    return removed;
  }

  /** Returns the key of an app as its file names it. */
  private nameOf(app: string, key: string): string {
    return lookup(this.files, app) === undefined ? `${appsKey}.${app}.${key}` : key;
  }

  /** Replaces a mapping, and keeps its style and comments. */
  private replace(app: string, key: "stable" | "canary", value: object): void {
    const parent = this.editable(app, key);
    const former: unknown = parent.get(key, true);
    const node = this.documentOf(app).createNode(value) as YAMLMap;
    quoteVersion(node);
    node.flow = isMap(former) ? (former.flow ?? false) : true;
    if (isMap(former)) {
      node.comment = former.comment;
      node.commentBefore = former.commentBefore;
    }
    parent.set(key, node);
  }
}
