/** A part of a page in which all values are escaped. */
export class Html {
  constructor(readonly text: string) {}
}

/** Content of a page; `undefined` and `false` are empty. */
export type Content = Html | string | number | undefined | false | Content[];

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters, and marks that change the direction of the text around them; a sign replaces them. */
// eslint-disable-next-line no-control-regex
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Template tag that escapes values for use in an element or in a quoted attribute. */
export function markup(parts: TemplateStringsArray, ...values: Content[]): Html {
  const text = parts.map(
    (part, at) => compact(part) + (at < values.length ? htmlOf(values[at]) : ""),
  );
  return new Html(text.join(""));
}

/** Removes the indentation of a template's lines, because the page has thousands of them. */
function compact(part: string): string {
  return part.replace(/\s*\n\s*/g, "\n");
}

/** Returns a text in which no part is interpreted as HTML. */
export function escaped(text: string): string {
  return text.replace(invisible, "\ufffd").replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

function htmlOf(value: Content): string {
  if (value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(htmlOf).join("");
  return value instanceof Html ? value.text : escaped(String(value));
}
