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

/** The SDK's answer is wrong for a program that shares its process with those of other stacks. */
const ownEngine = {
  selector: "MemberExpression[property.name='hasEngine'][object.property.name='runtime']",
  message: "Use hasEngine of cluster/engine.ts.",
};

/** Rules that apply to every pod of the platform are in the shared builder only. */
const ownWorkload = {
  selector:
    "NewExpression[callee.object.property.name='v1'][callee.object.object.property.name=/^(apps|batch)$/]",
  message: "Use deployment, statefulSet, daemonSet, cronJob or configureJob of components/shared/.",
};

export default tseslint.config(
  { ignores: ["node_modules/", ".local/", "out/"] },
  eslint.configs.recommended,
  tseslint.configs.recommended,
  { files: ["**/*.ts"], rules: { "no-restricted-syntax": ["error", ownEngine] } },
  {
    files: ["components/**/*.ts"],
    ignores: ["components/shared/**", "components/app/**"],
    rules: { "no-restricted-syntax": ["error", ownEngine, ownWorkload] },
  },
  { files: ["test/**/*.ts"], rules: { "no-restricted-syntax": ["error", ...anyFailure] } },
);
