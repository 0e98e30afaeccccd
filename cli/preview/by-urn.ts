/**
 * Sorts what the engine reports by resource: it works on many at a time, and two previews of the same change must not
 * differ. What it reports of one resource, and of none, keeps its order.
 */
export function byUrn<Reported extends { urn?: string }>(
  reported: readonly Reported[],
): Reported[] {
  const key = ({ urn = "" }: Reported) => urn;
  return [...reported].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
