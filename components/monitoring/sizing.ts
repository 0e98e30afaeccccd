const mebibytes = { Ki: 1 / 1024, Mi: 1, Gi: 1024, Ti: 1024 * 1024 } as const;

/** Share of a volume that blocks of samples may fill; the rest is for the log of the last hours and for compaction. */
const share = 0.8;

/**
 * The size at which Prometheus drops its oldest samples, as its flag wants it.
 * @param volume for example `50Gi`.
 */
export function retentionSize(volume: string): string {
  const unit = volume.slice(-2) as keyof typeof mebibytes;
  const size = Number(volume.slice(0, -2)) * mebibytes[unit];
  // Prometheus' MB is 1024 * 1024 bytes.
  return `${Math.floor(size * share)}MB`;
}
