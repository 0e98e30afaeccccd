/** Whether the long form of tests runs, as at night (`.ci/nightly`); the short form shows each kind of fault as well. */
export const long = process.env.LONG_TESTS === "true";
