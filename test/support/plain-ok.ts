import assert from "node:assert/strict";

/**
 * Replaces `assert.ok` in all tests. Without a message, that of Node.js reads the test's source at the position of the
 * call to quote it. The TypeScript loader changes that position, and in a long file Node.js then searches for minutes,
 * so that a failing test hangs.
 */
const ok = (value: unknown, message?: string | Error): asserts value => {
  if (value) return;
  if (message instanceof Error) throw message;
  throw new assert.AssertionError({
    message: message ?? `expected a true value, got ${String(value)}`,
    actual: value,
    expected: true,
    operator: "ok",
    stackStartFn: ok,
  });
};

assert.ok = ok;
