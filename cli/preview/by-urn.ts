/**
 * Sorts the reports of the engine by resource. The engine works on many resources at a time, but two previews
 * of the same change must not differ. Reports about the same resource, or about none, keep their order.
 */
export function byUrn<Reported extends { urn?: string }>(
  reported: readonly Reported[],
): Reported[] {
  const key = ({ urn = "" }: Reported) => urn;
  return [...reported].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
