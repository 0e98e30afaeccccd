import assert from "node:assert/strict";
import { daysOf, secondsOf, span } from "../../../config/durations";

describe("durations", () => {
  const read: [text: string, seconds: number][] = [
    ["0s", 0],
    ["250ms", 0.25],
    ["30s", 30],
    ["15m", 900],
    ["24h", 86_400],
    ["10d", 864_000],
    ["1w", 604_800],
    ["1y", 31_536_000],
    ["1h30m", 5400],
    ["1.5h", 5400],
    ["1m30s500ms", 90.5],
  ];
  for (const [text, seconds] of read) {
    it(`are read: ${text}`, () => assert.equal(secondsOf(text), seconds));
  }

  for (const text of ["", "30", "m", "1 d", "30M", "1h-", "-1h", "never"]) {
    it(`are not guessed: "${text}"`, () => assert.ok(Number.isNaN(secondsOf(text))));
  }

  it("are whole days for programs that count in days", () => {
    assert.deepEqual([0, 1, 86_400, 86_401].map(daysOf), [0, 1, 1, 2]);
  });

  const shown: [seconds: number, text: string][] = [
    [0, "0 s"],
    [59, "59 s"],
    [60, "1 min"],
    [61, "1 min 1 s"],
    [3600, "1 h"],
    [3660, "1 h 1 min"],
    [86_400 + 7200 + 60, "1 d 2 h"],
    [14 * 86_400, "14 d"],
  ];
  for (const [seconds, text] of shown) {
    it(`of ${seconds} s are shown as ${text}`, () => assert.equal(span(seconds), text));
  }
});
