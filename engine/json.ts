/** What a text says as JSON; something else where it is none. */
export function jsonOr(otherwise: unknown, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
