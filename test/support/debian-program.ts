import { readdirSync } from "node:fs";
import { join } from "node:path";
import { debianRoot, NoDebian } from "../../local/toolchain/debian";

/**
 * Returns the command that runs a program of a Debian package with the package's own loader and libraries, or why there
 * is none.
 * @param path of the program in the package, for example `usr/sbin/keepalived`.
 */
export async function debianProgram(
  packages: string[],
  path: string,
): Promise<string[] | NoDebian> {
  try {
    const { folder } = await debianRoot(packages);
    const libraries = join(folder, "usr/lib");
    const name = readdirSync(libraries).find((entry) => entry.endsWith("-linux-gnu"));
    const own = join(libraries, name ?? "");
    const loader = readdirSync(own).find((file) => /^ld-linux-.*\.so\.\d+$/.test(file));
    if (loader === undefined) throw new Error(`${own}: expected Debian's dynamic loader, got none`);
    return [join(own, loader), "--library-path", own, join(folder, path)];
  } catch (error) {
    if (error instanceof NoDebian) return error;
    throw error;
  }
}
