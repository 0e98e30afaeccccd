import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { javaHome } from "../../toolchain/java";
import { run } from "../../toolchain/run";
import type { Layer } from "../facts";
import { debian } from "../layers";

/**
 * Debian's Java 17.
 * @param home Java home of the official image.
 */
export function javaLayer(home: string): Layer {
  return debian(["openjdk-17-jre-headless"], {
    [home]: "/usr/lib/jvm/java-17-openjdk-amd64",
    "/usr/local/bin/java": `${home}/bin/java`,
  });
}

/**
 * Modules of a Java runtime for servers: everything that a program may load, without the desktop and
 * developers' tools.
 */
const runtimeModules = [
  ...["java.se", "jdk.attach", "jdk.charsets", "jdk.crypto.ec", "jdk.httpserver"],
  ...["jdk.incubator.vector", "jdk.jcmd", "jdk.jfr", "jdk.localedata", "jdk.management"],
  ...["jdk.management.agent", "jdk.net", "jdk.security.auth", "jdk.unsupported", "jdk.zipfs"],
];

/**
 * Returns a layer with a runtime from this machine's JDK, for images that need a newer Java than Debian's.
 * @param home Java home in the image.
 */
export function ownJavaLayer(home: string, atLeast: number): Layer {
  const jdk = javaHome(atLeast);
  const release = join(jdk ?? "", "release");
  const version = existsSync(release) ? readFileSync(release, "utf8") : "none";
  return {
    key: JSON.stringify(["java", home, version, runtimeModules]),
    make: async (folder) => {
      if (jdk === undefined) throw new Error(`it needs a JDK of version ${atLeast} or newer`);
      const output = join(folder, home);
      await mkdir(dirname(output), { recursive: true });
      await run(join(jdk, "bin/jlink"), [
        ...["--strip-debug", "--no-header-files", "--no-man-pages"],
        ...["--add-modules", runtimeModules.join(), "--output", output],
      ]);
    },
  };
}
