import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, type Document, type YAMLMap } from "yaml";
import { configIn, platformValues, readYaml } from "../../config/yaml";

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

/** A stack's config file, edited in place: comments, order and style of all else stay. */
export class StackFile {
  private document: Document;
  /** The text as it was read. */
  readonly original: string;

  /** @throws Error when the file is missing or is no YAML. */
  constructor(
    readonly stack: string,
    folder = ".",
    readonly path = join(folder, `Pulumi.${stack}.yaml`),
  ) {
    if (!existsSync(path)) {
      throw new Error(`There is no stack "${stack}": ${path} is missing.`);
    }
    const { text, document } = readYaml(path);
    this.original = text;
    this.document = document;
  }

  /** Names of the stack's apps. */
  apps(): string[] {
    const apps: unknown = this.document.getIn(["config", appsKey]);
    return isMap(apps) ? apps.items.map(({ key }) => String(key)) : [];
  }

  /** The stack's config by key, without the `platform:` in front. */
  values(): Record<string, unknown> {
    return platformValues(configIn(this.path, this.document));
  }

  /** What stands at a path of an app, as plain data. */
  get(app: string, ...path: string[]): unknown {
    const node: unknown = this.node(app).getIn(path);
    return isMap(node) ? node.toJS(this.document) : node;
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
    else this.node(app).set(name, this.document.createNode(value));
  }

  /** Records what a check of the canary found. */
  setCheck(app: string, evidence: Evidence): void {
    const node = this.document.createNode(evidence, { flow: true });
    this.node(app).setIn(["canary", "check"], node);
  }

  /** Lifts the app's own freeze. */
  removeFreeze(app: string): boolean {
    return this.node(app).delete("freeze");
  }

  /** The file's text as it now stands. */
  text(): string {
    // The engine writes {a: b}, people often { a: b }: whichever the file has, it keeps.
    const flowCollectionPadding = !/\{\S/.test(this.original);
    return this.document.toString({ lineWidth: 0, flowCollectionPadding });
  }

  /** Writes the file whole, or not at all. */
  save(): void {
    writeText(this.path, this.text());
  }

  /** Forgets every edit that was not saved. */
  reload(): void {
    this.document = readYaml(this.path).document;
  }

  /** Puts the text back that was read. */
  restore(): void {
    writeText(this.path, this.original);
  }

  private node(app: string): YAMLMap {
    const node: unknown = this.document.getIn(["config", appsKey, app]);
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
    const node = this.document.createNode(value) as YAMLMap;
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

/** Renaming is one step: a reader, or a crash, finds the old text or the new one. */
function writeText(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
