import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { clusterAt } from "../cluster/paths";
import { toolFolder, toolsFor } from "../toolchain/install";
import { launchers, localFolder } from "../toolchain/paths";
import { ensureLaunchers, usualPlaces } from "../toolchain/plugins";
import type { Purpose } from "../toolchain/tool";

/** What {@link localEnvironment} is asked for. */
export interface EnvironmentOptions {
  purpose?: Purpose;
  /** Cluster's name; the default one without it. */
  cluster?: string;
  /** Folder of the engine's state. */
  state?: string;
  /** Search path for commands before the project's own is added. */
  path?: string;
}

/** The variables with which plain `pulumi` and `kubectl` work on the local cluster. */
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
  const own = ensureLaunchers({ ...usualPlaces(), path: search });
  mkdirSync(state, { recursive: true });
  return {
    PATH: [launchers, search].join(delimiter),
    KUBECONFIG: clusterAt(cluster).kubeconfig,
    // A file of metadata beside each file is written in place: a kill at that moment would leave a state
    // that no command reads any more, with nothing but "failed to load checkpoint: EOF".
    PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
    // Public on purpose: this state describes a cluster that exists on this machine only.
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // An engine that looks for plugins which it has would only wait for hosts that do not answer.
    ...(own.length > 0 ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
  };
}
