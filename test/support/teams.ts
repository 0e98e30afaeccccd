import { Tenancy, type TeamArgs } from "../../components/tenancy";
import { declare, type Declared } from "./declare";

/** A team with the given fields, and minimal values for all others. */
export function team(fields: Partial<TeamArgs> = {}): TeamArgs {
  return {
    namespace: "commerce-dev",
    quota: { cpu: "8", memory: "16Gi", pods: 50 },
    labels: {},
    groups: { view: [], release: [], admin: [] },
    egress: [],
    nodePortApps: [],
    ...fields,
  };
}

/** Declares the teams `commerce`, with the given fields, and `content`. */
export function tenancy(fields: Partial<TeamArgs> = {}): Promise<Declared> {
  return declare((provider) => {
    const teams = { commerce: team(fields), content: team({ namespace: "content-dev" }) };
    new Tenancy("tenancy", { context: { environment: "dev" }, teams }, { provider });
  });
}
