/** Exit codes of a process that runs programs. */
export const exitCodes = {
  /** An error that the program does not report itself. */
  failed: 70,
  /** The engine disconnected while the program was running. */
  left: 71,
};
