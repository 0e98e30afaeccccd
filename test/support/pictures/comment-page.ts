/** GitLab's colors and sizes for a comment in light mode. */
const style = `
body{margin:0;padding:16px;background:#fff;color:#28272d;font:14px/1.5 "DejaVu Sans",sans-serif}
article{border:1px solid #dcdcde;border-radius:4px;padding:8px 16px}
header{color:#626168;margin-bottom:16px}header b{color:#28272d}
h3{font-size:16px;line-height:1.3;margin:24px 0 16px}p{margin:0 0 16px}
ul{margin:0 0 16px;padding-left:28px}
code{font:12px/1.6 "DejaVu Sans Mono",monospace;background:#ececef;border-radius:4px;padding:2px 4px}
pre{font:12px/1.6 "DejaVu Sans Mono",monospace;background:#fbfafd;border:1px solid #dcdcde;border-radius:4px;
margin:0 0 16px;padding:8px 12px;overflow:hidden}
pre span{display:block}.at{color:#626168}.old{background:#fbd7d9}.new{background:#ddfbe6}
details{margin:0 0 16px}
`;

/** Returns a comment of a preview as the page of a browser, as GitLab displays it. */
export function commentPage(markdown: string): string {
  const head = `<header><b>release</b> @project_42_bot commented</header>`;
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><article>${head}${htmlOf(markdown)}</article>\n`;
}

/**
 * Returns Markdown as HTML.
 * @throws Error for Markdown that comments of previews do not contain: a picture must not show something else.
 */
export function htmlOf(markdown: string): string {
  const lines = markdown.split("\n");
  const parts: string[] = [];
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const fence = /^```(\w*)$/.exec(line);
    if (fence !== null) {
      const end = lines.indexOf("```");
      if (end < 0) throw new Error("expected ``` after a block of code, got the end of the text");
      parts.push(blockOf(lines.splice(0, end), fence[1] === "diff"));
      lines.shift();
    } else if (line.startsWith("- ")) {
      const items = [line];
      while (lines[0]?.startsWith("- ") === true) items.push(lines.shift() ?? "");
      parts.push(`<ul>${items.map((item) => `<li>${inline(item.slice(2))}</li>`).join("")}</ul>`);
    } else if (line.startsWith("### ")) {
      parts.push(`<h3>${inline(line.slice(4))}</h3>`);
    } else if (/^<details><summary>[^<>]*<\/summary>$|^<\/details>$/.test(line)) {
      parts.push(line);
    } else if (/^[\w*`…]/.test(line)) {
      parts.push(`<p>${inline(line)}</p>`);
    } else if (line !== "" && !/^<!-- [^>]* -->$/.test(line)) {
      throw new Error(`expected Markdown of a comment, got ${JSON.stringify(line)}`);
    }
  }
  return parts.join("\n");
}

function blockOf(lines: readonly string[], isDiff: boolean): string {
  if (!isDiff) return `<pre>${escaped(lines.join("\n"))}</pre>`;
  const kinds: Record<string, string> = { "@": "at", "-": "old", "+": "new" };
  const spans = lines.map(
    (line) => `<span class="${kinds[line[0] ?? ""]}">${escaped(line)}</span>`,
  );
  return `<pre>${spans.join("")}</pre>`;
}

/** Returns a line with its inline code and bold words; every other character stands for itself. */
function inline(text: string): string {
  return text
    .split(/(`[^`]+`|\*\*[^*`]+\*\*)/)
    .map((part, index) => {
      if (index % 2 === 0) return escaped(part);
      return part.startsWith("`")
        ? `<code>${escaped(part.slice(1, -1))}</code>`
        : `<strong>${escaped(part.slice(2, -2))}</strong>`;
    })
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
