/**
 * Returns the source of the table of images with these digests.
 * @param digests by the images' names.
 * @throws Error if the source has no row with a name.
 */
export async function withDigests(
  source: string,
  digests: Readonly<Record<string, string>>,
): Promise<string> {
  const written = Object.entries(digests).reduce(withDigest, source);
  // A development package, which only this command needs.
  const { format } = await import("prettier");
  return format(written, { parser: "typescript", printWidth: 100 });
}

function withDigest(source: string, [name, digest]: [string, string]): string {
  const row = new RegExp(String.raw`^(  ${name}: \{[^}]*?\btag: "[^"]*")([^}]*)\}`, "m");
  if (!row.test(source)) throw new Error(`versions/images.ts: expected a row "${name}", got none`);
  return source.replace(row, (_all, before: string) => `${before}, digest: "${digest}" }`);
}

/** Returns the tag of an image in the source of the table; undefined if it has no row with this name. */
export function tagIn(source: string, name: string): string | undefined {
  return new RegExp(String.raw`^  ${name}: \{[^}]*?\btag: "([^"]*)"`, "m").exec(source)?.[1];
}
