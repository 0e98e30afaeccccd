import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { outputsOf, outputsOrNone } from "../../../program/outputs";

describe("outputs of another stack", () => {
  const answer = async (call: () => Record<string, unknown>) =>
    pulumi.runtime.setMocks({ call, newResource: () => ({ id: "", state: {} }) });
  /** An error as the engine's RPC has it. */
  const failure = (details: string) => Object.assign(new Error(details), { details, code: 2 });

  it("are empty for a stack with a file that the backend does not have", async () => {
    await answer(() => {
      throw failure('unknown stack "organization/platform/basket.prod"');
    });
    assert.deepEqual(await outputsOrNone("organization/platform/basket.prod"), {});
    await assert.rejects(outputsOf("organization/platform/basket.prod"), /unknown stack/);
    await assert.rejects(outputsOrNone("organization/platform/other"), /unknown stack/);
  });

  it("are those of its last update", async () => {
    await answer(() => ({ outputs: { apps: {} } }));
    assert.deepEqual(await outputsOrNone("organization/platform/basket.prod"), { apps: {} });
  });

  it("cause an error if the backend does not respond", async () => {
    await answer(() => {
      throw failure("connection refused");
    });
    await assert.rejects(outputsOrNone("organization/platform/basket.prod"), /connection refused/);
  });
});
