import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/** Checks that take any failure for the expected one, for example a refused config for a release that does not start. */
const anyFailure = [
  {
    selector:
      "CallExpression[callee.object.name='assert'][callee.property.name=/^not(Strict)?Equal$/][arguments.1.value=0]",
    message: "Expect the failure's message: failedWith(result, /…/) of test/support/results.ts.",
  },
  {
    selector:
      "CallExpression[callee.object.name='assert'][callee.property.name=/^(rejects|throws)$/][arguments.length<2]",
    message: "Expect the error's message: give it as the second argument.",
  },
];

export default tseslint.config(
  { ignores: ["node_modules/", ".local/", "out/"] },
  eslint.configs.recommended,
  tseslint.configs.recommended,
  { files: ["test/**/*.ts"], rules: { "no-restricted-syntax": ["error", ...anyFailure] } },
);
