import assert from "node:assert/strict";

/**
 * Replaces `assert.ok` for all tests. Without a message, Node's own reads the test's source at the
 * place of the call to quote it. The loader of TypeScript moves that place, and in a long file Node
 * then searches for minutes: a test that should fail hangs.
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
