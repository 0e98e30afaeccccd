/** Mark at the beginning of a file that some editors write. */
const byteOrderMark = "\uFEFF";

/**
 * Returns a text that the YAML library has written, in the style of the former one: its padding (the library writes
 * `{a: b}`, people often `{ a: b }`), its line ends, and its byte order mark.
 * @param padded whether to take over the padding.
 */
export function withFormerStyle(text: string, former: string, padded: boolean): string {
  const mark = former.startsWith(byteOrderMark) ? byteOrderMark : "";
  const formerText = former.slice(mark.length);
  const end = lineEndOf(formerText);
  const formerLines = new Map<string, string[]>();
  for (const whole of formerText.split(/(?<=\n)/)) {
    const line = unpadded(whole.replace(/\r?\n$/, ""));
    formerLines.set(line, [...(formerLines.get(line) ?? []), whole]);
  }
  const tight = isTight(formerText);
  const styled = (line: string) => {
    if (!padded) return line;
    return formerLines.get(unpadded(line))?.shift() ?? (tight ? unpadded(line) : line);
  };
  const lines = text.replace(byteOrderMark, "").split(/(?<=\n)/);
  return `${mark}${lines
    .map((whole) => {
      const line = whole.replace(/\r?\n$/, "");
      const kept = styled(line);
      if (line === whole) return kept.replace(/\r?\n$/, "");
      return kept.endsWith("\n") ? kept : `${kept}${end}`;
    })
    .join("")}`;
}

/** Whether a text has more mappings in the style `{a: b}` than in the style `{ a: b }`. */
export function isTight(text: string): boolean {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return count(/\{\S/g) > count(/\{ \S/g);
}

/** Returns the end of most lines of a text. */
export function lineEndOf(text: string): "\n" | "\r\n" {
  const windows = text.match(/\r\n/g)?.length ?? 0;
  const all = text.match(/\n/g)?.length ?? 0;
  return windows * 2 > all ? "\r\n" : "\n";
}

function unpadded(line: string): string {
  return line.replace(/(?<=[{[]) +/g, "").replace(/(?<=\S) +(?=[\]}])/g, "");
}
