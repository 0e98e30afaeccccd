import { keyOf as configKey } from "../config";
import { isMap } from "../config/is-map";
import { keyOf, releaseName } from "../releases";

/** A name of the objects of an app's release that another app of the same team could use as well. */
export interface ReleaseNameClaim {
  /** Key of the version in the config. */
  key: string;
  /** Name of the objects. */
  name: string;
  /** Name of the app whose release could have the same name. */
  app: string;
}

/** Returns the names of the objects of the releases in an app's config, with the keys of their versions. */
function releaseNames(app: string, config: object): { role: string; name: string }[] {
  return ["stable", "canary"].flatMap((role) => {
    const release = (config as Record<string, unknown>)[role];
    if (!isMap(release) || !["string", "number"].includes(typeof release.version)) return [];
    const { version, revision } = release as { version: string | number; revision?: unknown };
    const id = {
      version: String(version),
      ...(typeof revision === "number" && { revision }),
    };
    return [{ role, name: releaseName(app, keyOf(id)) }];
  });
}

/**
 * Returns which apps could have releases whose objects have the same names as this app's: version 4.2 of
 * `shop-1` and version 1-4.2 of `shop` are both `shop-1-4-2`. Apps with a shorter name are returned only if
 * their version would start with a digit, optionally after a v: any other prefix, such as a team's name, occurs
 * in too many files.
 */
export function releaseNameClaims(app: string, config: object): ReleaseNameClaim[] {
  return releaseNames(app, config).flatMap(({ role, name }) => {
    const parts = name.split("-");
    return parts
      .map((_, count) => [parts.slice(0, count).join("-"), parts.slice(count).join("-")] as const)
      .filter(([other, version]) => {
        if (other === "" || other === app) return false;
        return other.length > app.length || /^v?\d/.test(version);
      })
      .map(([other]) => ({
        key: configKey("platform:apps", [app, role, "version"]),
        name,
        app: other,
      }));
  });
}

/** Whether a release in an app's config has objects with this name. */
export function hasReleaseNamed(name: string, app: string, config: object): boolean {
  return releaseNames(app, config).some((release) => release.name === name);
}
