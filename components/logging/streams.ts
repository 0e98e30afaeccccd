/** Domain of lines that belong to no app; it has no dot, so no app can have it. */
export const otherDomain = "platform";

/** Returns the name of a domain's data stream in an environment. */
export function dataStream(environment: string, domain: string): string {
  // Not logs-*-*, which would match Elasticsearch's built-in template.
  return `applogs-${environment}-${domain}`;
}
