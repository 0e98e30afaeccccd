import { CST, Lexer } from "yaml";

/** Maximum levels of nesting. A whole file has a few more than the sections of a config. */
const deepest = 80;

/** Maximum number of anchors, aliases and tags. The parser searches the whole document for each alias. */
const maximumProperties = 1000;

const properties: readonly (CST.TokenType | null)[] = ["alias", "anchor", "tag"];

/**
 * Returns why a text is too large or too deeply nested for the parser, which is recursive: endless nesting
 * overflows its stack and can end the process. Undefined for any normal file.
 */
export function sizeProblem(text: string): string | undefined {
  const nesting = new Nesting();
  let found = 0;
  let isContent = false;
  for (const token of new Lexer().lex(text)) {
    // The text after a scalar's indicator is its content, whatever it looks like.
    const type: CST.TokenType | null = isContent ? "scalar" : CST.tokenType(token);
    isContent = !isContent && type === "scalar";
    if (properties.includes(type)) found += 1;
    nesting.read(type, token);
    if (nesting.depth > deepest) return `it has more than ${deepest} levels`;
    if (found > maximumProperties) {
      return `it has more than ${maximumProperties} anchors, aliases and tags`;
    }
  }
  return undefined;
}

/** Follows how deeply a text is nested: by indentation, by indicators on one line, and by brackets. */
class Nesting {
  private readonly columns: number[] = [];
  private marks = 0;
  private brackets = 0;
  private column = 0;
  private isStart = true;

  get depth(): number {
    return this.columns.length + this.marks + this.brackets;
  }

  read(type: CST.TokenType | null, token: string): void {
    switch (type) {
      case "newline":
        [this.isStart, this.column, this.marks] = [true, 0, 0];
        return;
      case "space":
        if (this.isStart) this.column = token.length;
        return;
      case "comment":
        return;
    }
    if (this.isStart) this.indent();
    if (type === "seq-item-ind" || type === "explicit-key-ind") this.marks += 1;
    if (type === "flow-seq-start" || type === "flow-map-start") this.brackets += 1;
    if (type === "flow-seq-end" || type === "flow-map-end") this.brackets -= 1;
  }

  private indent(): void {
    this.isStart = false;
    // Within brackets, indentation means nothing.
    if (this.brackets > 0) return;
    while ((this.columns.at(-1) ?? -1) >= this.column) this.columns.pop();
    this.columns.push(this.column);
  }
}
