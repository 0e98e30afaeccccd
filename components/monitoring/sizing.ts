import { mebibytesOf } from "../../config";

/** Fraction of a volume that blocks of samples may fill; the rest is for the write-ahead log and compaction. */
const share = 0.8;

/**
 * Returns the size at which Prometheus drops its oldest samples, in the format of its flag.
 * @param volume for example `50Gi`.
 */
export function retentionSize(volume: string): string {
  // An MB of Prometheus is 1024 * 1024 bytes.
  return `${Math.floor(mebibytesOf(volume) * share)}MB`;
}
