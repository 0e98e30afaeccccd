import assert from "node:assert/strict";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { initFailed } from "../../../../local/plugins/resource-kubernetes/init-failed";
import { fromStruct } from "../../../../local/plugins/shared/values";

it("an object that is not in place reaches the engine with the error, to be recorded", () => {
  const error = initFailed({
    id: "n/a",
    inputs: { spec: 1 },
    outputs: { spec: 1, status: {} },
    reasons: ["no pod is ready", "pod a: no image"],
  });
  assert.equal(error.message, "no pod is ready; pod a: no image");
  // Decoded like in the engine.
  const [trailer] = error.metadata.get("grpc-status-details-bin");
  const status = Status.deserializeBinary(new Uint8Array(trailer as Buffer));
  assert.deepEqual([status.getCode(), status.getMessage()], [error.code, error.message]);
  const [detail] = status.getDetailsList();
  assert.equal(detail?.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
  const failure = ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  assert.equal(failure.getId(), "n/a");
  assert.deepEqual(fromStruct(failure.getInputs()), { spec: 1 });
  assert.deepEqual(fromStruct(failure.getProperties()), { spec: 1, status: {} });
  assert.deepEqual(failure.getReasonsList(), ["no pod is ready", "pod a: no image"]);
});
