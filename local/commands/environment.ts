import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { clusterAt } from "../cluster/paths";
import { ensureEngineHome } from "../toolchain/engine-home";
import { toolFolder, toolsFor } from "../toolchain/install";
import { launchers, localFolder } from "../toolchain/paths";
import { ensureLaunchers, usualPlaces } from "../toolchain/plugins";
import type { Purpose } from "../toolchain/tool";

/** Options of {@link localEnvironment}. */
export interface EnvironmentOptions {
  purpose?: Purpose;
  /** Name of the cluster. Default: the default cluster. */
  cluster?: string;
  /** Folder of the engine's state. Default: that of the local stack. */
  state?: string;
  /** PATH to extend. Default: the current PATH. */
  path?: string;
}

/** Returns the variables with which `pulumi` and `kubectl` use the local cluster. */
export function localEnvironment({
  purpose = "local",
  cluster,
  state = join(localFolder, "state"),
  path = process.env.PATH ?? "",
}: EnvironmentOptions = {}): Record<string, string> {
  const folders = toolsFor(purpose).map(toolFolder);
  const others = path
    .split(delimiter)
    .filter((folder) => folder !== launchers && !folders.includes(folder))
    .join(delimiter);
  const search = [...folders, others].join(delimiter);
  const places = usualPlaces();
  const own = ensureLaunchers({ ...places, path: search });
  mkdirSync(state, { recursive: true });
  return {
    PATH: [launchers, search].join(delimiter),
    KUBECONFIG: clusterAt(cluster).kubeconfig,
    // Without the metadata file next to each file, which the engine writes in place: a kill at that moment would leave
    // a state that every command rejects with "failed to load checkpoint: EOF".
    PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
    // Not a secret: the state describes a cluster that exists only on this machine.
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(purpose === "test" ? { PULUMI_HOME: ensureEngineHome(places.installed) } : {}),
    // An engine that searches for plugins which it already has would only wait for unreachable hosts.
    ...(own.length > 0 ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
  };
}
