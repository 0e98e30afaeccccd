/** Flags of BuildKit 0.25.1 that this program uses, each with the file of moby/buildkit that declares it. */
export const buildkitFlags: Record<string, Record<string, string>> = {
  buildkitd: {
    "--addr": "cmd/buildkitd/main.go",
    "--oci-worker-no-process-sandbox": "cmd/buildkitd/main_oci_worker.go",
  },
  "buildctl build": {
    "--frontend": "cmd/buildctl/build.go",
    "--local": "cmd/buildctl/build.go",
    "--opt": "cmd/buildctl/build.go",
    "--output": "cmd/buildctl/build.go",
    "--metadata-file": "cmd/buildctl/build.go",
  },
  "buildctl prune": {
    "--addr": "cmd/buildctl/main.go",
    "--keep-duration": "cmd/buildctl/prune.go",
  },
};

/** Returns the flags in a command line. */
export function flagsIn(text: string): string[] {
  return [...new Set([...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag))];
}
