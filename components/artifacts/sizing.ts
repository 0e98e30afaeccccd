import type { Resources } from "../../config";

const megabytes = { Ki: 1 / 1024, Mi: 1, Gi: 1024, Ti: 1024 * 1024 } as const;

/** A size in whole mebibytes. */
export function mebibytes(size: string): number {
  const unit = size.slice(-2) as keyof typeof megabytes;
  return Math.floor(Number(size.slice(0, -2)) * megabytes[unit]);
}

/** What the Java machine takes beside its heap and its direct memory: code, threads, classes. */
const overhead = 1024;

/** Options of the Java machine: heap and direct memory of one size, as Sonatype prescribes. */
export function javaOptions(heap: string): string {
  const size = `${mebibytes(heap)}m`;
  return [
    `-Xms${size}`,
    `-Xmx${size}`,
    `-XX:MaxDirectMemorySize=${size}`,
    // Elsewhere it would be lost with the pod.
    "-Djava.util.prefs.userRoot=/nexus-data/javaprefs",
  ].join(" ");
}

/** CPU and memory of Nexus; it takes all of its heap at once, so that requests are limits. */
export function nexusResources(heap: string): Resources {
  const memory = `${2 * mebibytes(heap) + overhead}Mi`;
  return { requests: { cpu: "500m", memory }, limits: { cpu: "4", memory } };
}
