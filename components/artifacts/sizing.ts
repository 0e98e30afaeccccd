import { mebibytesOf, type Resources } from "../../config";

/** Mi that the JVM needs besides heap and direct memory: code, threads, classes. */
const overhead = 1024;

/** Whole Mi: the JVM takes no fractions. */
const wholeOf = (size: string) => Math.floor(mebibytesOf(size));

/** Returns the JVM options: heap and direct memory of the same size, as Sonatype recommends. */
export function javaOptions(heap: string): string {
  const size = `${wholeOf(heap)}m`;
  return [
    `-Xms${size}`,
    `-Xmx${size}`,
    `-XX:MaxDirectMemorySize=${size}`,
    // Keeps preferences on the volume; the default location is lost with the pod.
    "-Djava.util.prefs.userRoot=/nexus-data/javaprefs",
  ].join(" ");
}

/** CPU and memory of Nexus. It allocates its whole heap at the start, so requests equal limits. */
export function nexusResources(heap: string): Resources {
  const memory = `${2 * wholeOf(heap) + overhead}Mi`;
  return { requests: { cpu: "500m", memory }, limits: { cpu: "4", memory } };
}
