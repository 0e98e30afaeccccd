import type { Source } from "./sources";

/**
 * Purpose of a tool: `local` runs the platform, `machines` creates real nodes that run its pods, `charts` renders
 * charts and kustomizations (installed when a command first needs it), `test` tests it, `nightly` is for tests of tools
 * that are too slow to build for every test run (the tests in test/nightly build them), `bench` measures the platform,
 * `comparison` is for the release systems with which it is compared (only `npx platform bench compare` builds them).
 */
export type Purpose = "local" | "machines" | "charts" | "test" | "nightly" | "bench" | "comparison";

/** Official download of a tool for a platform. */
export interface Download {
  url: string;
  /** URL of the published file with its SHA-256; a line names the file, or the checksum is its only content. */
  checksums: string;
  /** Folder in a tar archive that contains the binaries. Default: the download is the binary. */
  archiveFolder?: string;
}

/** A tool. */
export interface Tool {
  name: string;
  version: string;
  purpose: Purpose;
  /** Binaries by name, and the Go package of each. */
  binaries: Record<string, string>;
  /** Folder in `modules/` whose go.mod pins the source. */
  module: string;
  /** Creates the folder to build in. Default: the folder of the module. */
  source?: Source;
  /** Linker flags that set the version. */
  stamp: string[];
  download?: (binary: string, platform: Platform) => Download;
}

/** Operating system and architecture in the notation of release files. */
export interface Platform {
  os: string;
  /** `amd64` or `arm64`. */
  architecture: string;
}

/** Returns the platform of this machine. */
export function platform(): Platform {
  return {
    os: process.platform,
    architecture: process.arch === "x64" ? "amd64" : process.arch,
  };
}
