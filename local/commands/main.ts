/**
 * Runs the body of a command; an error is printed as its message.
 * @param failed exit code then, once it is known. Default: 1.
 */
export function main(body: () => Promise<unknown>, failed: () => number = () => 1): void {
  body().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = failed();
  });
}
