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
