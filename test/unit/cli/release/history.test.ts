import assert from "node:assert/strict";
import { historyLines } from "../../../../cli/release/history";
import type { AppRecord } from "../../../../releases";

describe("the history of an app's releases", () => {
  it("has one line for each change, the latest first", () => {
    const record = {
      history: [
        { at: "2026-05-04T00:00:00Z", kind: "promote", from: "1.0.0", to: "1.1.0" },
        { at: "2026-05-01T00:00:00Z", kind: "first", to: "1.0.0" },
      ],
      canaries: [
        { at: "2026-05-03T00:00:00Z", kind: "weigh", release: "1.1.0", weight: 50 },
        { at: "2026-05-02T00:00:00Z", kind: "start", release: "1.1.0", weight: 10 },
      ],
    } as Partial<AppRecord> as AppRecord;
    assert.deepEqual(historyLines(record), [
      "2026-05-04T00:00:00Z  promote  1.0.0 → 1.1.0",
      "2026-05-03T00:00:00Z  canary weight  1.1.0 at 50%",
      "2026-05-02T00:00:00Z  canary start  1.1.0 at 10%",
      "2026-05-01T00:00:00Z  first  1.0.0",
    ]);
  });
});
