/** Whether the long form of tests runs, as at night (`.ci/nightly`); the short form also covers each kind of fault. */
export const long = process.env.LONG_TESTS === "true";
