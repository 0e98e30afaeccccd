import { createHash } from "node:crypto";

/** Returns the file name of an app's page. A name with special characters, such as `../x`, becomes a hash. */
export function pageName(app: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,100}[a-z0-9])?$/.test(app)) return `${app}.html`;
  return `_${createHash("sha256").update(app).digest("hex").slice(0, 16)}.html`;
}
