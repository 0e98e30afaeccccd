import { setImmediate as nextTurn } from "node:timers/promises";
import { RegistrationGate } from "../cluster/registration-gate";
import { prepareSdk } from "./sdk";

const events = ["unhandledRejection", "uncaughtException"] as const;

/**
 * Returns a program whose objects reach the engine only after all of it has been declared without an error, so that an
 * error changes nothing. Errors of values that depend on no resource count as well. Errors of other values come later, and
 * prevent only their own objects.
 * @param declare declares everything, and waits for no output of what it declares.
 */
export function declareWhole<Outputs>(
  declare: (gate: RegistrationGate) => Promise<Outputs>,
): () => Promise<Outputs> {
  return async () => {
    prepareSdk();
    const gate = new RegistrationGate();
    const errors: unknown[] = [];
    const note = (error: unknown) => void errors.push(error);
    for (const event of events) process.on(event, note);
    try {
      const outputs = await declare(gate);
      // Values that wait for nothing are computed before the next turn of the event loop, and their errors are reported.
      await nextTurn();
      if (errors.length > 0) throw errors[0];
      gate.open();
      return outputs;
    } finally {
      for (const event of events) process.off(event, note);
    }
  };
}
