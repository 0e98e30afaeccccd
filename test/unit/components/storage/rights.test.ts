import assert from "node:assert/strict";
import type { Declared } from "../../../support/declare";
import { ceph, declaredStorage, nfs } from "../../../support/storage";
import { storageRights, type NeededRight } from "../../../support/storage-rights";

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** Returns the rules of an account's role or cluster role; empty without one. */
function rulesOf(declared: Declared, kind: "ClusterRole" | "Role", account: string): Rule[] {
  if (!declared.names(kind).includes(account)) return [];
  return declared.object(kind, account)["rules"] as Rule[];
}

/** Returns one line for each right: account, scope, group, resource and verb. */
function lines(rights: NeededRight[]): string[] {
  return rights.flatMap(({ account, scope, apiGroup, resource, verbs }) =>
    verbs.map((verb) => `${account} ${scope} ${apiGroup}/${resource} ${verb}`),
  );
}

describe("the rights of the storage's accounts", () => {
  it("include everything that each process requests", async () => {
    const declared = await declaredStorage({ nfs, ceph, snapshots: {} });
    const granted = new Set(
      [...new Set(storageRights.map(({ account }) => account))].flatMap((account) =>
        (
          [
            ["ClusterRole", "cluster"],
            ["Role", "namespace"],
          ] as const
        ).flatMap(([kind, scope]) =>
          rulesOf(declared, kind, account).flatMap((rule) => {
            const { apiGroups, resources, verbs } = rule;
            return apiGroups.flatMap((apiGroup) =>
              lines(
                resources.map((resource) => ({
                  account,
                  scope,
                  apiGroup,
                  resource,
                  verbs,
                  source: "",
                })),
              ),
            );
          }),
        ),
      ),
    );
    assert.deepEqual(
      lines(storageRights).filter((line) => !granted.has(line)),
      [],
    );
  });
});
