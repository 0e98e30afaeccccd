import { isDeepStrictEqual } from "node:util";
import { isNode, parseDocument } from "yaml";
import { isMap } from "../../config/is-map";
import { YamlFile } from "./yaml-file";

const place = ["config", "platform:apps"];

/**
 * Puts back the apps that a command changed in a stack file which somebody else has changed since, for example to
 * release another app. Everything else in the file stays.
 * @returns false if that is not possible, because the command or the other change concerns more than whole apps; the
 * file is then kept.
 */
export function putBackApps({ path, original, written }: YamlFile): boolean {
  if (written === undefined) return true;
  try {
    return putBack(path, original, written);
  } catch {
    // The other change left invalid YAML, or removed anchors that the apps use.
    return false;
  }
}

function putBack(path: string, original: string, written: string): boolean {
  const options = { merge: true, logLevel: "silent" } as const;
  const before = parseDocument(original, options);
  const file = new YamlFile(path);
  const contents: unknown[] = [before.toJS(), parseDocument(written, options).toJS()];
  const [appsBefore, appsAfter] = contents.map((content) => appsIn(content) ?? {});
  const changed = Object.keys(appsAfter ?? {}).filter(
    (app) => !isDeepStrictEqual(appsBefore?.[app], appsAfter?.[app]),
  );
  const wanted: unknown = file.document.toJS();
  const apps = appsIn(wanted);
  if (apps === undefined || changed.length === 0) return false;
  for (const app of changed) {
    const node: unknown = before.getIn([...place, app], true);
    if (!isDeepStrictEqual(apps[app], appsAfter?.[app]) || !isNode(node)) return false;
    file.document.setIn([...place, app], node.clone());
    apps[app] = appsBefore?.[app];
  }
  // Anchors and merge keys could carry the change elsewhere.
  if (!isDeepStrictEqual(file.document.toJS(), wanted)) return false;
  file.save();
  return true;
}

/** Returns the apps in the content of a stack file. */
function appsIn(content: unknown): Record<string, unknown> | undefined {
  const config = isMap(content) ? content["config"] : undefined;
  const apps = isMap(config) ? config["platform:apps"] : undefined;
  return isMap(apps) ? apps : undefined;
}
