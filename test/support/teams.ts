import { Tenancy, type TenancyArgs } from "../../components/tenancy";
import { declare, type Declared } from "./declare";

type Team = TenancyArgs["config"]["teams"][string];

/** A team with the given fields, and minimal values for all others. The schema would refuse some of the fields. */
export function team(fields: Partial<Team> = {}): Team {
  return {
    quota: { cpu: "8", memory: "16Gi", pods: 50 },
    labels: {},
    groups: { view: [], release: [], admin: [] },
    egress: [],
    nodePortApps: [],
    ...fields,
  };
}

/** Declares the teams `commerce`, with the given fields, and `content`. */
export function tenancy(
  fields: Partial<Team> = {},
  facts: Pick<TenancyArgs, "apps" | "branch"> = {},
): Promise<Declared> {
  return declare((provider) => {
    const config = { teams: { commerce: team(fields), content: team() }, dnsServers: [] };
    const args = { context: { environment: "dev" }, config, ...facts };
    new Tenancy("tenancy", args, { provider });
  });
}
