/** Result of a script. */
export interface ScriptRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a function instead of a process: keeps what it writes to the standard output and error, and the exit code
 * that it sets. Nothing else may write at this time.
 */
export async function capture(body: () => Promise<unknown>): Promise<ScriptRun> {
  const { exitCode } = process;
  const [stdout, stderr] = [keepOutput(process.stdout), keepOutput(process.stderr)];
  try {
    process.exitCode = undefined;
    await body();
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.exitCode = exitCode;
    stdout.release();
    stderr.release();
  }
}

/** Keeps what is written to a stream until it is released. */
function keepOutput(stream: NodeJS.WriteStream): { text: () => string; release: () => void } {
  const { write } = stream;
  let text = "";
  stream.write = (chunk: Uint8Array | string) => {
    text += chunk.toString();
    return true;
  };
  return { text: () => text, release: () => void (stream.write = write) };
}
