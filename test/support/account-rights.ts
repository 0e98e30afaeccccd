import { AuthorizationV1Api, KubeConfig } from "@kubernetes/client-node";
import type { AccountNeeds, Need } from "./account-need";
import { accountNeeds } from "./account-needs";

/** Asks a real API server whether accounts have the rights that their processes need. */
export class AccountRights {
  private readonly api: AuthorizationV1Api;

  constructor(kubeconfig: string) {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    this.api = config.makeApiClient(AuthorizationV1Api);
  }

  /** Returns the missing rights of an account as sentences; empty if its roles suffice. */
  async findMissing(account: string): Promise<string[]> {
    const listed = accountNeeds[account];
    if (listed === undefined) return [`${account}: expected an entry in account-needs.ts`];
    const user = `system:serviceaccount:${listed.namespace}:${account}`;
    const groups = ["system:serviceaccounts", `system:serviceaccounts:${listed.namespace}`];
    const asked = questions(listed).map(async ({ attributes, text }) => {
      const spec = { user, groups: [...groups, "system:authenticated"], ...attributes };
      const { status } = await this.api.createSubjectAccessReview({ body: { spec } });
      return status?.allowed === true ? [] : [`${account} may not ${text}`];
    });
    return (await Promise.all(asked)).flat();
  }
}

function questions({ needs, paths = [] }: AccountNeeds) {
  return [
    ...needs.flatMap((need) => need.verbs.map((verb) => question(need, verb))),
    ...paths.map((path) => ({
      attributes: { nonResourceAttributes: { path, verb: "get" } },
      text: `get ${path}`,
    })),
  ];
}

function question({ group = "", resource: whole, namespace, name }: Need, verb: string) {
  const [resource, subresource] = whole.split("/");
  const where = namespace === undefined ? "" : ` in ${namespace}`;
  return {
    attributes: { resourceAttributes: { group, resource, subresource, namespace, name, verb } },
    text: `${verb} ${whole}${group === "" ? "" : `.${group}`}${where}`,
  };
}
