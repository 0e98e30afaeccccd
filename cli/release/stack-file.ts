import { existsSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, type Document, type YAMLMap } from "yaml";
import { selectedFiles, type AppFiles } from "../../config/app-files";
import type { ConfigError } from "../../config/errors";
import { own } from "../../config/own";
import { configIn, platformValues } from "../../config/yaml";
import { YamlFile } from "./yaml-file";

/** A release as a stack's config names it. */
export interface ReleaseChoice {
  version: string;
  /** Raised when a version is released again with another configuration; 1 is not written out. */
  revision: number;
  /** Digest of the image, where it is pinned. */
  digest?: string;
}

/** What a check found, as the config records it. */
export interface Evidence {
  verdict: "pass" | "fail" | "inconclusive";
  /** UTC, ISO 8601. */
  at: string;
  /** Key of the release that was checked. */
  release: string;
  /** Requests that the check saw. */
  samples: number;
}

const appsKey = "platform:apps";

/** A stack's config, in its own file and in those of its apps. */
export class StackFile {
  private readonly main: YamlFile;
  /** Files of the apps that the stack names by folder, pattern or path. */
  private readonly files: Record<string, YamlFile>;
  private readonly errors: ConfigError[];

  /**
   * @param folder the project's, from which the files of apps are named.
   * @throws Error when the stack's file is missing or is no YAML.
   */
  constructor(
    readonly stack: string,
    folder = ".",
    readonly path = join(folder, `Pulumi.${stack}.yaml`),
  ) {
    if (!existsSync(path)) {
      throw new Error(`There is no stack "${stack}": ${path} is missing.`);
    }
    this.main = new YamlFile(path);
    const { origins, errors } = selectedFiles(this.values()["appFiles"], folder);
    this.errors = errors;
    const files: [string, YamlFile][] = [];
    for (const [app, file] of Object.entries(origins)) {
      try {
        files.push([app, new YamlFile(join(folder, file))]);
      } catch (error) {
        this.errors.push({ key: file, message: error instanceof Error ? error.message : "" });
      }
    }
    this.files = Object.fromEntries(files);
  }

  /** Names of the stack's apps. */
  apps(): string[] {
    const apps: unknown = this.main.document.getIn(["config", appsKey]);
    const inline = isMap(apps) ? apps.items.map(({ key }) => String(key)) : [];
    return [...inline, ...Object.keys(this.files)];
  }

  /** The stack's config by key, without the `platform:` in front and without the apps' own files. */
  values(): Record<string, unknown> {
    return platformValues(configIn(this.path, this.main.document));
  }

  /** The apps' own files as they now stand, saved or not. */
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

  /** The file that declares an app: its own, or the stack's. */
  fileOf(app: string): string {
    return this.fileWith(app).path;
  }

  /** The text that the app's file had when it was read. */
  originalOf(app: string): string {
    return this.fileWith(app).original;
  }

  /** Files with edits that are not what was read, saved or not. */
  changed(): string[] {
    return this.edited().map(({ path }) => path);
  }

  /** What stands at a path of an app, as plain data. */
  get(app: string, ...path: string[]): unknown {
    const node: unknown = this.node(app).getIn(path);
    return isMap(node) ? node.toJS(this.fileWith(app).document) : node;
  }

  /** Starts a canary, or takes its place. */
  setCanary(app: string, choice: ReleaseChoice, weight: number): void {
    const canary = { ...idOf(choice), weight };
    this.replace(app, "canary", canary);
    // It served the change for which it was set.
    this.node(app).deleteIn(["stable", "now"]);
  }

  /** Gives the canary another share of the requests, percent. */
  setWeight(app: string, weight: number): void {
    this.node(app).setIn(["canary", "weight"], weight);
  }

  /** Makes a release the stable one, with the evidence for it, and ends the canary. */
  setStable(app: string, choice: ReleaseChoice, check?: unknown): void {
    const stable = {
      ...idOf(choice),
      ...(check === undefined ? {} : { check }),
    };
    this.replace(app, "stable", stable);
    this.node(app).delete("canary");
  }

  /** Lets requests move at once, without waiting for the pods that they need. */
  setNow(app: string): void {
    this.node(app).setIn(["stable", "now"], true);
  }

  /** Ends the canary. */
  removeCanary(app: string): void {
    this.node(app).delete("canary");
  }

  /** Gives an app another value of one of its settings; nothing takes it out of the file. */
  setField(app: string, name: string, value: unknown): void {
    if (value === undefined) this.node(app).delete(name);
    else this.node(app).set(name, this.documentOf(app).createNode(value));
    // Its files are those of folders, whose present content is not what is asked for.
    if (name === "configFiles") this.node(app).delete("configDir");
  }

  /** Records what a check of the canary found. */
  setCheck(app: string, evidence: Evidence): void {
    const node = this.documentOf(app).createNode(evidence, { flow: true });
    this.node(app).setIn(["canary", "check"], node);
  }

  /** Lifts the app's own freeze. */
  removeFreeze(app: string): boolean {
    return this.node(app).delete("freeze");
  }

  /** The text of an app's file, or of the stack's, as it now stands. */
  text(app?: string): string {
    return (app === undefined ? this.main : this.fileWith(app)).text();
  }

  /** Writes every edited file, each whole or not at all. */
  save(): void {
    for (const file of this.edited()) file.save();
  }

  /** Forgets every edit that was not saved. */
  reload(): void {
    for (const file of this.edited()) file.reload();
  }

  /** Puts the texts back that were read. */
  restore(): void {
    for (const file of this.edited()) file.restore();
  }

  private edited(): YamlFile[] {
    const all = [this.main, ...Object.values(this.files)];
    return all.filter((file) => file.text() !== file.original);
  }

  private fileWith(app: string): YamlFile {
    return own(this.files, app) ?? this.main;
  }

  private documentOf(app: string): Document {
    return this.fileWith(app).document;
  }

  private node(app: string): YAMLMap {
    const file = own(this.files, app);
    const node: unknown =
      file === undefined
        ? this.main.document.getIn(["config", appsKey, app])
        : file.document.contents;
    if (!isMap(node)) {
      throw new Error(
        `Stack "${this.stack}" has no app "${app}"; it has ${this.apps().join(", ") || "none"}.`,
      );
    }
    return node as YAMLMap;
  }

  /** Puts a mapping in place of another, in the style and with the comments that the other had. */
  private replace(app: string, key: "stable" | "canary", value: object): void {
    const parent = this.node(app);
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

/** A release as the file writes it: without what is usual. */
function idOf({ version, revision, digest }: ReleaseChoice): object {
  return {
    version,
    ...(revision > 1 ? { revision } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

/**
 * Versions that every YAML reader takes for text. The engine's reads 1_2 as 12 and 2026-11-21 as a time,
 * which this library writes without quotes.
 */
const plainVersion = /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.-]*)?$/;

function quoteVersion(node: YAMLMap): void {
  const version: unknown = node.get("version", true);
  if (!isScalar(version) || plainVersion.test(String(version.value))) return;
  version.type = "QUOTE_DOUBLE";
}
