import { z } from "zod";
import { expected, show } from "../errors";
import { isNormalized, normalizedPath } from "../paths";
import { hasEncryptedValue } from "../secret-text";
import { name, port } from "../values";
import { egress, podSecurity } from "./tenancy";

/** Path of a file or a folder in this repository. */
const path = z
  .string()
  .regex(
    /^[A-Za-z0-9_][\w.-]*(\/[\w.-]+)*$/,
    "a path from the project's folder, such as charts/notes",
  )
  .refine(isNormalized, normalizedPath);

/** A single version of the chart. */
const version = z
  .string()
  .regex(
    /^v?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$/,
    "one version such as 1.4.2, not a range of them",
  );

/** Connections to the pods of a namespace. */
const ingress = z.strictObject({
  /** Namespaces whose pods may connect. Default: any address. */
  from: z.array(name).min(1).optional(),
  /** TCP ports of the pods that may be connected to. */
  ports: z.array(port).min(1),
});

/** Network policy of a separate namespace. Its pods can always reach each other and the DNS servers. */
const network = z.strictObject({
  /** Connections to its pods. */
  ingress: z.array(ingress).default([]),
  /** Addresses outside the cluster that its pods connect to. */
  egress: z.array(egress).default([]),
  /** Whether its pods connect to the API server. */
  apiServer: z.boolean().default(false),
});

/** Where the objects are created: in a team's namespace, or in a separate one. */
const place = {
  /**
   * Former name of this entry, so that its objects stay as they are under the new one. Without it, an update would
   * create each of them before it deletes the former one. Remove it once every stack has been updated.
   */
  formerly: name.optional(),
  /**
   * Team whose namespace, quota and network policies apply. Without it, the objects get a separate namespace.
   */
  team: name.optional(),
  /** Name of the separate namespace. Default: the name of this entry. */
  namespace: name.optional(),
  /** Exception from Pod Security `restricted` for the separate namespace. Default: none. */
  podSecurity: podSecurity.optional(),
  /** Connections of the separate namespace. Without it, its pods reach only each other and the DNS servers. */
  network: network.optional(),
  /**
   * Kinds of objects without a namespace that the program does not know, for example
   * `cert-manager.io/ClusterIssuer`.
   */
  clusterKinds: z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9.-]+\.[a-z0-9-]+\/[A-Z][A-Za-z0-9]*$/,
          "a group and a kind, such as cert-manager.io/ClusterIssuer",
        ),
    )
    .default([]),
};

/**
 * Returns the first key that cannot be set together with `team`, because the team's namespace determines it.
 */
function conflictWithTeam(value: { team?: string; [key: string]: unknown }): string | undefined {
  if (value.team === undefined) return undefined;
  return ["namespace", "podSecurity", "network"].find((key) => value[key] !== undefined);
}

/** Adds an error for a key that requires a separate namespace. */
function refuseWithTeam(
  value: { team?: string; [key: string]: unknown },
  { addIssue }: { addIssue: (issue: { code: "custom"; path: string[]; message: string }) => void },
): void {
  const key = conflictWithTeam(value);
  if (key === undefined) return;
  const next = "the namespace of the team has its own; leave one of them out";
  const message = expected("nothing next to team", show(value[key]), next);
  addIssue({ code: "custom", path: [key], message });
}

/** Checks where a chart comes from: a repository, pinned by version and digest, or a folder. */
function checkPinned(
  { repository, version: given, digest }: { [key in "repository" | "version" | "digest"]?: string },
  { addIssue }: { addIssue: (issue: { code: "custom"; path: string[]; message: string }) => void },
): void {
  const error = (key: string, message: string) =>
    addIssue({ code: "custom", path: [key], message });
  if (repository === undefined) {
    const next = "leave it out for a folder of this repository, or set repository";
    if (given !== undefined)
      error("version", expected("none without repository", show(given), next));
    if (digest !== undefined)
      error("digest", expected("none without repository", show(digest), next));
    return;
  }
  if (given === undefined) error("version", expected("one version next to repository", "nothing"));
  if (digest === undefined) {
    const next = "npx platform charts digest <repository> <chart> <version> prints it";
    error("digest", expected("the digest of the package next to repository", "nothing", next));
  }
}

/** Values of a chart. They are in the repository, so they must not contain secrets. */
const values = z
  .record(z.string(), z.unknown())
  .refine((given) => !hasEncryptedValue(given), {
    error:
      "expected no encrypted value, got one; a rendered chart is committed, so name a Secret in the cluster instead",
  })
  .default({});

/** A team's own Helm chart. `npx platform charts update <stack>` renders it. */
const chart = z
  .strictObject({
    /** Repository of charts, `https://…` or `oci://…`. Without it, `chart` is a folder of this repository. */
    repository: z
      .string()
      .refine((text) => /^(https|oci):\/\/[\w.:/~%-]+$/.test(text) && URL.canParse(text), {
        error:
          "a repository such as https://charts.example.com or oci://registry.example.com/charts",
      })
      .optional(),
    /** Name of the chart in its repository, or its folder. */
    chart: path,
    /** A single version of the chart. Without it, `chart` must be a folder of this repository. */
    version: version.optional(),
    /**
     * SHA-256 of the package. A package with a different digest is refused. `npx platform charts digest
     * <repository> <chart> <version>` prints it. Without it, `chart` must be a folder of this repository.
     */
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, "a digest: sha256: and 64 hexadecimal digits")
      .optional(),
    /** Values of the chart. They override those in `valuesFiles`. */
    values,
    /** Files in this repository with values. A later file overrides an earlier one. */
    valuesFiles: z.array(path).default([]),
    /**
     * What happens to Helm's hooks, which are never run: with `refuse`, a chart that has hooks is an error;
     * with `skip`, the hooks are omitted. Hooks for tests are always omitted.
     */
    hooks: z.enum(["refuse", "skip"]).default("refuse"),
    ...place,
  })
  .superRefine(checkPinned)
  .superRefine(refuseWithTeam);

/** A team's own folder of YAML files, or a kustomization. */
const manifest = z
  .strictObject({
    /** Folder in this repository. Without `kustomization`, every `.yaml` file in it is declared. */
    folder: path,
    /**
     * Folder below `folder` that contains the kustomization; `.` for `folder` itself. `npx platform charts update
     * <stack>` renders it. Without it, the files of `folder` are declared as they are.
     */
    kustomization: z.union([z.literal("."), path]).optional(),
    ...place,
  })
  .superRefine(refuseWithTeam);

/** The teams' own charts, by name. */
export const charts = z.record(name, chart);

/** The teams' own folders of YAML and kustomizations, by name. */
export const manifests = z.record(name, manifest);

/** @see {@link chart} */
export type ChartConfig = z.infer<typeof chart>;
/** @see {@link manifest} */
export type ManifestConfig = z.infer<typeof manifest>;
/** @see {@link place} */
export type PlaceConfig = Pick<ChartConfig, keyof typeof place>;
