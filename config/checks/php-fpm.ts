import { isWorker } from "../app/kinds";
import { fpmPort, publicFolder } from "../app/presets";
import { expected, keyOf, show, type ConfigError } from "../errors";
import { mountsOf } from "./pods";
import type { Apps } from "./sections";

type App = Apps[number][1];

/** Checks for settings that a PHP app cannot have if nginx serves its public files in the same pod. */
export function phpFpmChecks(apps: Apps): ConfigError[] {
  return apps
    .filter(([, app]) => app.preset === "php-fpm" && !isWorker(app))
    .flatMap(([name, app]) => [...takenPorts(name, app), ...hiddenCode(name, app)]);
}

/** The containers of a pod share their ports. */
function takenPorts(name: string, { port, metrics }: App): ConfigError[] {
  const ports: [path: string[], port: number | undefined, next: string][] = [
    [["port"], port, "nginx listens on this port for the app"],
    [["metrics", "port"], metrics?.port, "it answers no request over HTTP"],
  ];
  return ports
    .filter(([, used]) => used === fpmPort)
    .map(([path, , next]) => {
      const what = `a port other than ${fpmPort}, on which PHP-FPM listens in the same pod`;
      const key = keyOf("platform:apps", [name, ...path]);
      return { key, message: expected(what, show(fpmPort), next) };
    });
}

/** A mount hides what the image has in its folder: the front controller, and what is copied for nginx. */
function hiddenCode(name: string, app: App): ConfigError[] {
  const { files, folders } = mountsOf(name, app);
  return [...files, ...folders]
    .filter(([, path]) => publicFolder === path || publicFolder.startsWith(`${path}/`))
    .map(([key, path]) => {
      const what = `a path other than ${path}, where the image has the app's code`;
      return { key, message: expected(what, show(path), `name one below ${path}`) };
    });
}
