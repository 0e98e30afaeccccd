import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Layer } from "../facts";
import { debian } from "../layers";

/** Debian's Java 17, with its compiler: Tomcat compiles JSPs with its own, but apps' tools may not. */
export function javaLayer(home: string): Layer {
  return debian(["openjdk-17-jre-headless"], async (folder) => {
    const [source] = ["usr/lib/jvm/java-17-openjdk-amd64"];
    await mkdir(join(folder, home, ".."), { recursive: true });
    await symlink(`/${source}`, join(folder, home));
    await mkdir(join(folder, "usr/local/bin"), { recursive: true });
    await symlink(`${home}/bin/java`, join(folder, "usr/local/bin/java"));
  });
}
