import type { Source } from "./sources";

/**
 * What a tool is needed for: `local` brings the platform up, `machines` makes real machines that run
 * its pods, `test` proves it, `nightly` proves what is too slow to build for every test run (built by
 * the tests in test/nightly that use it), `bench` compares it.
 */
export type Purpose = "local" | "machines" | "test" | "nightly" | "bench";

/** The official download of a tool, for one platform. */
export interface Download {
  url: string;
  /** File, published beside the download, that holds its SHA-256; a line names the file, or it is alone. */
  checksums: string;
  /** Folder inside a tar archive that holds the binaries; absent for a bare binary. */
  archiveFolder?: string;
}

/** One tool. */
export interface Tool {
  name: string;
  version: string;
  purpose: Purpose;
  /** Binaries by name, and the Go package that each is built from. */
  binaries: Record<string, string>;
  /** Folder below `modules/` whose go.mod pins the source. */
  module: string;
  /** Makes the folder to build in; the folder of the module without it. */
  source?: Source;
  /** Linker flags that stamp the version. */
  stamp: string[];
  download?: (binary: string, platform: Platform) => Download;
}

/** Operating system and architecture as release files name them. */
export interface Platform {
  os: string;
  /** `amd64` or `arm64`. */
  architecture: string;
}

/** The present machine's platform. */
export function platform(): Platform {
  return {
    os: process.platform,
    architecture: process.arch === "x64" ? "amd64" : process.arch,
  };
}
