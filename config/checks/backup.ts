import { sourcesOf } from "../../components/backup/wiring";
import { expected, show, type ConfigError } from "../errors";
import type { ParsedSections } from ".";

const key = "platform:components.backup";

/** What the backup's own keys cannot tell: that there is something to save. */
export function backupChecks({ components }: ParsedSections): ConfigError[] {
  if (components?.backup === undefined) return [];
  const sources = Object.keys(sourcesOf(components));
  if (sources.length === 0) {
    return [
      {
        key,
        message: expected(
          "something to back up: ci, registry, artifacts, monitoring or logging in this stack, or backup.etcd",
          "nothing",
        ),
      },
    ];
  }
  return components.backup.suspended.flatMap((system, index) =>
    sources.includes(system)
      ? []
      : [
          {
            key: `${key}.suspended[${index}]`,
            message: expected(
              `a system that this stack backs up (${sources.sort().join(", ")})`,
              show(system),
            ),
          },
        ],
  );
}
