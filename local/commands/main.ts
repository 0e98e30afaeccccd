/**
 * Runs the body of a command, and prints only the message of an error.
 * @param failed returns the exit code after an error. Default: 1.
 */
export function main(body: () => Promise<unknown>, failed: () => number = () => 1): void {
  body().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = failed();
  });
}
