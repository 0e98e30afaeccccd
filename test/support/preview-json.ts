import type { Printed } from "./results";
import { succeeded } from "./results";

/** Fields that differ between two previews of the same: the time, and the code that runs the program. */
const incidental = ["duration", "sourcePosition", "stackTrace"];

/** Warning of the engine about the stand-in for the official language host. */
const standIn = /^warning: using pulumi-language-nodejs from \$PATH/;

/**
 * Returns the result of `pulumi preview --json`, to compare it with that of another preview.
 * @throws Error if the preview failed.
 */
export function previewJson(ended: Printed): Record<string, unknown> {
  succeeded(ended);
  const text = ended.stdout.slice(ended.stdout.indexOf("{"));
  const preview = JSON.parse(text, (key, value: unknown) =>
    incidental.includes(key) ? undefined : value,
  ) as Record<string, unknown> & { diagnostics?: { message: string }[] };
  const diagnostics = (preview.diagnostics ?? []).filter(({ message }) => !standIn.test(message));
  return { ...preview, diagnostics };
}
