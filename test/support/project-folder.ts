import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";

/** A folder with the files of stacks and apps. */
export class ProjectFolder {
  /** @param folder existing folder. */
  constructor(readonly folder: string) {}

  stack(name: string, config: object): this {
    return this.file(`Pulumi.${name}.yaml`, stringify({ config }, { compat: "yaml-1.1" }));
  }

  file(path: string, text: string): this {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
    return this;
  }

  app(path: string, value: object): this {
    return this.file(path, stringify(value, { compat: "yaml-1.1" }));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
