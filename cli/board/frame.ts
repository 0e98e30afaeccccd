import { createHash } from "node:crypto";
import { Html, markup, type Content } from "./html";
import { script } from "./script";
import { style } from "./style";

/**
 * Returns a whole page around its content. The page loads nothing from elsewhere; a content security policy
 * enforces this.
 */
export function pageOf(title: string, body: Content, withScript = false): string {
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${withScript ? hashOf(script) : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        ${body}
        ${withScript && new Html(`<script>${script}</script>`)}
      </body>
    </html> `.text;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
