import { nexusRefusal } from "../../../support/contracts/nexus";
import { type Answer, type RecordedRequest } from "../../../support/bootstrap";

export const secrets = {
  "admin-password": "Lasting0Password",
  "initial-password": "Initial0Password",
  "ci-password": "Ci0Password",
};

export type Named = Record<string, unknown>;

/** A stub with the subset of Nexus's API that the script uses, and its state in memory. */
export class SimulatedNexus {
  passwords = new Map([["admin", secrets["initial-password"]]]);
  eula = { accepted: false, disclaimer: "Use of this software is governed by its license." };
  anonymous = { enabled: true, userId: "anonymous", realmName: "NexusAuthorizingRealm" };
  blobStores: Named[] = [{ name: "default", type: "File" }];
  policies: Named[] | undefined = [];
  repositories = new Map<string, Named>();
  roles = new Map<string, Named>();
  users: Named[] = [{ userId: "admin" }];
  /** Request that fails once. */
  failOnce?: RegExp;

  answer = ({ method, path, user, body }: RecordedRequest): Answer => {
    const call = `${method} ${path.replace("/service/rest/v1", "")}`;
    if (this.failOnce?.test(call)) {
      this.failOnce = undefined;
      return { status: 500, body: { message: "the database is locked" } };
    }
    if (call === "GET /status") return { status: 200 };
    if (user !== undefined && this.passwords.get(user.name) !== user.password) {
      return { status: 401 };
    }
    if (user?.name !== "admin") return { status: 403 };
    const refused = method === "GET" ? undefined : nexusRefusal(call, body);
    if (refused !== undefined) return { status: 400, body: { message: refused } };
    return this.api(call, body);
  };

  private api(call: string, body: unknown): Answer {
    const fields = (body ?? {}) as Named;
    const name = String(fields["name"]);
    const [, method = "", area = "", rest = ""] = /^(\w+) \/([^/?]+)\/?(.*)$/.exec(call) ?? [];
    if (area === "repositories") return this.repository(method, rest, fields);
    const password = /^PUT \/security\/users\/(\w+)\/change-password$/.exec(call)?.[1];
    if (password !== undefined) {
      this.passwords.set(password, String(body));
      return { status: 204 };
    }
    switch (`${method} /${area}/${rest}`.replace(/\/$/, "")) {
      case "GET /security/users?userId=admin":
      case "GET /security/users?userId=ci": {
        const id = rest.split("=")[1];
        return { status: 200, body: this.users.filter(({ userId }) => userId === id) };
      }
      case "POST /security/users":
        this.users.push({ ...fields, password: undefined, source: "default" });
        this.passwords.set(String(fields["userId"]), String(fields["password"]));
        return { status: 200 };
      case "GET /system/eula":
        return { status: 200, body: this.eula };
      case "POST /system/eula":
        if (fields["disclaimer"] !== this.eula.disclaimer) return { status: 500 };
        this.eula.accepted = fields["accepted"] === true;
        return { status: 204 };
      case "GET /security/anonymous":
        return { status: 200, body: this.anonymous };
      case "PUT /security/anonymous":
        Object.assign(this.anonymous, fields);
        return { status: 200 };
      case "GET /blobstores":
        return { status: 200, body: this.blobStores };
      case "POST /blobstores/file":
        this.blobStores.push({ name, type: "File" });
        return { status: 204 };
      case "GET /cleanup-policies":
        return this.policies === undefined
          ? { status: 403 }
          : { status: 200, body: this.policies.map((policy) => ({ ...policy, retain: null })) };
      case "POST /cleanup-policies":
        this.policies?.push(fields);
        return { status: 201 };
      case "GET /security/roles/ci":
        return this.found(this.roles.get("ci"));
      case "POST /security/roles":
        this.roles.set(String(fields["id"]), { ...fields, source: "default" });
        return { status: 200 };
      default:
        return { status: 405, body: { message: `${call} is not expected` } };
    }
  }

  private repository(method: string, rest: string, fields: Named): Answer {
    const [format, type, name] = rest.split("/");
    const kind = `${String(format)}/${String(type)}`;
    if (method === "GET") return this.found(this.repositories.get(`${kind}/${String(name)}`));
    const members = (fields["group"] as { memberNames: string[] } | undefined)?.memberNames ?? [];
    const missing = members.filter(
      (member) => ![...this.repositories.keys()].some((key) => key.endsWith(`/${member}`)),
    );
    if (missing.length > 0) return { status: 400, body: { message: `no ${missing.join()}` } };
    this.repositories.set(`${kind}/${String(fields["name"])}`, fields);
    return { status: method === "POST" ? 201 : 204 };
  }

  private found(body: unknown): Answer {
    return body === undefined ? { status: 404 } : { status: 200, body };
  }
}
