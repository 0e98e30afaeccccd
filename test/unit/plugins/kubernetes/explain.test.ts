import assert from "node:assert/strict";
import { ApiError, Unreachable } from "../../../../local/plugins/resource-kubernetes/client";
import { explain } from "../../../../local/plugins/resource-kubernetes/explain";

const name = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" };
const where = "Deployment shop/web at https://example.com";
const said = (error: unknown) => explain(error, name, "https://example.com").message;

describe("an error of the API server", () => {
  const cause = (field: string, message: string) => ({ details: { causes: [{ field, message }] } });
  const cases: [status: number, body: ApiError["body"], text: string][] = [
    [
      401,
      { message: "Unauthorized" },
      ": not logged in (Unauthorized); renew the kubeconfig's credentials.",
    ],
    [
      403,
      { message: "user x cannot patch." },
      ": not allowed: user x cannot patch. Give the user that role, or change what was refused.",
    ],
    [
      409,
      { message: "conflict", ...cause(".spec.replicas", 'conflict with "kubectl"') },
      ': another manager owns .spec.replicas (conflict with "kubectl"). Leave these fields to it and remove them from the program, or take them over with the annotation pulumi.com/patchForce: "true".',
    ],
    [409, { message: "object was modified" }, ": conflict: object was modified."],
    [
      422,
      { message: "x", ...cause("spec.a", "Required value") },
      ": invalid: spec.a: Required value.",
    ],
    [422, { message: "it is wrong." }, ": invalid: it is wrong."],
    [404, { message: 'namespaces "shop" not found' }, ': namespaces "shop" not found.'],
    [500, {}, ": the API server answered 500."],
  ];
  for (const [status, body, text] of cases) {
    it(`${status} says ${text}`, () =>
      assert.equal(said(new ApiError(status, body)), where + text));
  }

  it("is unchanged if it is another error", () => {
    const error = new Unreachable("cannot be reached");
    assert.equal(explain(error, name, "https://example.com"), error);
  });
});
