/** Domain of lines that belong to no app; it has no dot, so no app can have it. */
export const otherDomain = "platform";

/** Name of the data stream of a domain in an environment. */
export function dataStream(environment: string, domain: string): string {
  // Not logs-*-*: Elasticsearch's own template of that pattern would compete.
  return `applogs-${environment}-${domain}`;
}
