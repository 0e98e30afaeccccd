import * as pulumi from "@pulumi/pulumi";
import type { SavedSystem } from "../../config";
import { createdAfter } from "../shared/order";
import { platformNamespace } from "../shared/namespace";
import type { Part, PartArgs } from "../shared/context";
import { closeNamespace } from "../shared/network-policy";
import { portsOf, serverOf } from "./ports";
import { backupCronJob, scriptPath, type Step } from "./cron-job";
import { elasticsearchBackup } from "./elasticsearch";
import {
  credentialsFolder,
  credentialsVolume,
  repositorySecret,
  repositoryVariables,
} from "./repository";
import { excludesFile, excludesPath, fileBackups } from "./saved";
import type { Sources } from "./sources";
import type { FileBackup } from "./system";
import { backupNamespace, ownSources } from "./wiring";

export { sourcesOf } from "./wiring";

/** Arguments of {@link Backup}. */
export interface BackupArgs extends PartArgs<"backup"> {
  /** The systems of other parts to back up, see `wiring.ts`. The config of the part adds its own. */
  sources: Sources;
  /**
   * The parts that are backed up. The objects of the backups are in the namespaces of these parts, so they are
   * created afterwards. This is not an input: an input that is derived from a part would replace the backups
   * together with the part.
   */
  after: (pulumi.Resource | undefined)[];
}

const saveScript = "backup/scripts/save.sh";

/**
 * Backups of the data of the platform's parts: a CronJob for each system, in the namespace of the system. The folder in
 * the bucket is the context's environment, unless the config names another one.
 */
export class Backup extends pulumi.ComponentResource {
  /** Names of the systems that are backed up. */
  readonly systems: SavedSystem[];
  private readonly policies: pulumi.Resource[] = [];

  constructor(name: string, args: BackupArgs, opts: pulumi.ComponentResourceOptions) {
    super(
      "platform:backup:Backup",
      name,
      {},
      createdAfter(
        args.after.filter((part) => part !== undefined),
        opts,
      ),
    );
    const all = { ...args, sources: { ...args.sources, ...ownSources(args.config) } };
    const namespaces = this.namespaces(all);
    const credentials = this.credentials(all, namespaces);
    for (const saved of fileBackups(all.sources, args.config.staging)) {
      this.save(saved, all, { namespaces, credentials });
    }
    this.elasticsearch(all, namespaces);
    const own = namespaces.get(backupNamespace);
    if (own !== undefined) closeNamespace(this.part(args, own), backupNamespace);
    this.systems = Object.keys(all.sources) as SavedSystem[];
    this.registerOutputs({ systems: this.systems });
  }

  /** Returns the namespaces of the systems by name. */
  private namespaces({ sources, context: { environment } }: BackupArgs): ByNamespace {
    const names = [...new Set(Object.values(sources).map(({ namespace }) => namespace))].sort();
    return new Map(
      names.map((namespace) => [
        namespace,
        namespace === backupNamespace ? platformNamespace(namespace, this, environment) : namespace,
      ]),
    );
  }

  /** Declares the credentials. Elasticsearch writes to the bucket itself, and its nodes have the keys. */
  private credentials(args: BackupArgs, namespaces: ByNamespace): ByNamespace {
    const { sources, config } = args;
    const saved = fileBackups(sources, config.staging).map(({ namespace }) => namespace);
    return new Map(
      [...namespaces]
        .filter(([name]) => saved.includes(name))
        .map(([name, namespace]) => [
          name,
          repositorySecret(this.part(args, namespace), name, config.credentials),
        ]),
    );
  }

  private save(
    saved: FileBackup,
    args: BackupArgs,
    { namespaces, credentials }: { namespaces: ByNamespace; credentials: ByNamespace },
  ): void {
    const { system, namespace, steps, scripts, files, volumes } = saved;
    const { config, sources, context } = args;
    const { environment } = context;
    backupCronJob(this.part(args, namespaces.get(namespace) ?? namespace), {
      system,
      schedule: config.schedules[system],
      suspended: config.suspended.includes(system),
      ...{ user: saved.user, sameNodeAs: saved.sameNodeAs },
      steps: [...steps, saveStep(saved, repositoryVariables(config, environment, system))],
      scripts: [...scripts, saveScript],
      files: { ...files, [excludesFile]: saved.excludes.map((line) => `${line}\n`).join("") },
      volumes: [...volumes, credentialsVolume(credentials.get(namespace) ?? "")],
      ports: portsOf(system, sources, config),
      server: serverOf(system, sources),
    });
  }

  private elasticsearch(args: BackupArgs, namespaces: ByNamespace): void {
    const { sources, config, context } = args;
    const source = sources.elasticsearch;
    if (source === undefined) return;
    backupCronJob(this.part(args, namespaces.get(source.namespace) ?? source.namespace), {
      system: "elasticsearch",
      schedule: config.schedules.elasticsearch,
      suspended: config.suspended.includes("elasticsearch"),
      ...elasticsearchBackup(source, config, context.environment),
      ports: portsOf("elasticsearch", sources, config),
    });
  }

  /**
   * Returns the part that the builder uses: the objects belong to this part, and are in the namespace of the
   * system.
   */
  private part({ context }: BackupArgs, namespace: pulumi.Input<string>): Part {
    return {
      name: "backup",
      namespace,
      parent: this,
      context,
      policies: this.policies,
    };
  }
}

/** Values by the name of a namespace. */
type ByNamespace = Map<string, pulumi.Input<string>>;

/**
 * Returns the step that copies the files into the repository. The indexes of a large repository are held in
 * memory.
 */
function saveStep(saved: FileBackup, repository: Record<string, string>): Step {
  return {
    name: "save",
    image: "restic",
    command: ["sh", scriptPath(saveScript)],
    environment: {
      ...repository,
      RESTIC_CACHE_DIR: "/tmp/cache",
      BACKUP_NAME: saved.system,
      BACKUP_PATHS: saved.paths.join(" "),
      BACKUP_REQUIRED: saved.required.join(" "),
      BACKUP_EXCLUDES: excludesPath,
    },
    mounts: [...saved.mounts, { name: "repository", mountPath: credentialsFolder, readOnly: true }],
    memory: "2Gi",
  };
}
