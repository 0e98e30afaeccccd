import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../../../local/toolchain/run";

/** A package without programs. */
export interface SmallPackage {
  version: string;
  /** Its files by path; those below /etc are its configuration, which dpkg treats as the machine's own. */
  files?: Readonly<Record<string, string>>;
}

/**
 * Makes a source of Debian packages that apt reads from a folder, as a machine without a network has one.
 * @param folder where it is written, which must not exist.
 */
export async function writePackageSource(
  folder: string,
  packages: Readonly<Record<string, SmallPackage>>,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const entries: string[] = [];
  for (const [name, { version, files = {} }] of Object.entries(packages)) {
    const control = [
      `Package: ${name}`,
      `Version: ${version}`,
      "Architecture: all",
      "Maintainer: Tests <tests@platform.test>",
      "Description: A package of the tests",
    ];
    const root = join(folder, "unpacked");
    const contents = {
      ...files,
      "DEBIAN/control": lines(control),
      "DEBIAN/conffiles": lines(Object.keys(files).filter((path) => path.startsWith("/etc/"))),
    };
    for (const [path, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const file = `${name}.deb`;
    await run("dpkg-deb", ["--root-owner-group", "--build", root, join(folder, file)]);
    rmSync(root, { recursive: true });
    const archive = readFileSync(join(folder, file));
    const checksum = createHash("sha256").update(archive).digest("hex");
    const index = [`Filename: ./${file}`, `Size: ${archive.length}`, `SHA256: ${checksum}`];
    entries.push(lines([...control, ...index]));
  }
  writeFileSync(join(folder, "Packages"), entries.join("\n"));
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
