import { z } from "zod";
import { expected, show } from "../errors";
import { webAddress } from "../web-address";
import { host, name } from "../values";

/** Login through the company's identity provider. The API server must trust the same provider. */
const oidc = z.strictObject({
  /** URL of the identity provider, as its tokens name it. */
  issuer: webAddress("an address such as https://login.example.com", /^https$/),
  /** ID of the dashboard as a client of the provider. */
  clientId: z.string().min(1),
  /** Secret in the dashboard's namespace whose key `client-secret` contains the client's secret. */
  secret: name,
  /** Scopes that are requested from the identity provider, besides `openid`. */
  scopes: z.array(z.string().min(1)).default(["profile", "email", "groups"]),
});

/** Web UI of the cluster: Headlamp. */
export const dashboard = z
  .strictObject({
    /** Host of the web UI. Default: `dashboard.<stack domain>`. */
    host: host.optional(),
    /** Number of pods. With `oidc`, only 1: a login must end at the pod where it began. */
    replicas: z.int().min(1).max(5).default(1),
    /**
     * Login through the company's identity provider. The API server must trust the same provider. Without it,
     * people log in with a token.
     */
    oidc: oidc.optional(),
  })
  .refine(({ oidc: login, replicas }) => login === undefined || replicas === 1, {
    path: ["replicas"],
    error: ({ input }) =>
      expected(
        "1 replica with oidc",
        show((input as { replicas: number }).replicas),
        "a login must end at the pod where it began",
      ),
  });

/** @see {@link dashboard} */
export type DashboardConfig = z.infer<typeof dashboard>;
