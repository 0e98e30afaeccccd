import { harborBodies } from "../../../support/contracts/harbor";
import { type Answer, type RecordedRequest } from "../../../support/bootstrap";

export const adminPassword = "Admin0Password";

interface Project {
  project_id: number;
  name: string;
  metadata: Record<string, string>;
}

interface Robot {
  id: number;
  name: string;
  description?: string;
  secret: string;
  [field: string]: unknown;
}

/**
 * Returns a body in the format of Harbor 2.15.1: go-swagger generates its models from api/v2.0/swagger.yaml, and omits
 * false, 0, empty strings and empty lists unless the field has `x-omitempty: false`.
 */
function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutZeros);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== false && entry !== 0 && entry !== "" && !empty(entry))
      .map(([key, entry]) => [key, withoutZeros(entry)]),
  );
}

/** Returns why the API rejects a body; Harbor itself ignores unknown fields. */
function refusal(request: string, body: unknown): string | undefined {
  const known = harborBodies[request];
  if (known === undefined) return `${request} is not in the table of bodies`;
  return known.safeParse(body).error?.message;
}

function empty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A robot has two such fields and some more, and never returns its secret. */
function shown({ disable, ...robot }: Robot): object {
  return {
    ...(withoutZeros({ ...robot, secret: "" }) as object),
    editable: true,
    disable: disable === true,
  };
}

/** A stub with the subset of Harbor's API that the script uses, and its state in memory. */
export class SimulatedHarbor {
  password = adminPassword;
  configuration: Record<string, unknown> = { self_registration: true };
  projects: Project[] = [];
  robots: Robot[] = [];
  retentions: Record<string, unknown>[] = [];
  schedule: { schedule?: unknown; job_parameters?: string } = {};
  /** Request that fails once. */
  failOnce?: RegExp;

  answer = (request: RecordedRequest): Answer => {
    const { method, path } = request;
    if (this.failOnce?.test(`${method} ${path}`)) {
      this.failOnce = undefined;
      return { status: 500, body: { errors: [{ message: "database is restarting" }] } };
    }
    if (path === "/api/v2.0/ping") return { status: 200 };
    if (path.startsWith("/service/token")) return this.token(request);
    if (request.user?.name !== "admin" || request.user.password !== this.password) {
      return { status: 401 };
    }
    return this.api(method, path.replace("/api/v2.0", ""), request.body);
  };

  private token({ user }: RecordedRequest): Answer {
    const known = this.robots.some(
      ({ name, secret }) => name === user?.name && secret === user.password,
    );
    return known ? { status: 200, body: { token: "t" } } : { status: 401 };
  }

  private api(method: string, path: string, body: unknown): Answer {
    const fields = (body ?? {}) as Record<string, unknown>;
    const [, kind = "", id = ""] = /^\/([^/?]+)\/?([^?]*)/.exec(path) ?? [];
    const refused = body === undefined ? undefined : refusal(`${method} ${kind}`, body);
    if (refused !== undefined) return { status: 400, body: { errors: [{ message: refused }] } };
    switch (`${method} ${kind}`) {
      case "GET users":
        return { status: 200, body: { username: "admin" } };
      case "GET configurations":
        return {
          status: 200,
          body: Object.fromEntries(
            Object.entries(this.configuration).map(([key, value]) => [key, { value }]),
          ),
        };
      case "PUT configurations":
        Object.assign(this.configuration, fields);
        return { status: 200 };
      case "GET projects":
        return this.found(withoutZeros(this.projects.find(({ name }) => name === id)));
      case "POST projects":
        this.projects.push({
          project_id: this.projects.length + 1,
          name: fields["project_name"] as string,
          metadata: { ...(fields["metadata"] as Record<string, string>) },
        });
        return { status: 201 };
      case "PUT projects":
        Object.assign(
          this.projects.find(({ name }) => name === id)?.metadata ?? {},
          fields["metadata"],
        );
        return { status: 200 };
      case "GET retentions":
        return this.found(withoutZeros(this.retentions[Number(id) - 1]));
      case "POST retentions":
        this.retentions.push({ ...fields, id: this.retentions.length + 1 });
        this.retain((fields["scope"] as { ref: number }).ref);
        return { status: 201 };
      case "PUT retentions":
        this.retentions[Number(id) - 1] = fields;
        return { status: 200 };
      case "GET robots":
        return { status: 200, body: this.robots.map(shown) };
      case "POST robots":
        return this.makeRobot(fields);
      case "PUT robots":
        Object.assign(this.robots.find((robot) => robot.id === Number(id)) ?? {}, fields);
        return { status: 200 };
      case "PATCH robots":
        Object.assign(this.robots.find((robot) => robot.id === Number(id)) ?? {}, fields);
        return { status: 200 };
      case "DELETE robots":
        this.robots = this.robots.filter((robot) => robot.id !== Number(id));
        return { status: 200 };
      case "GET system":
        return { status: 200, body: withoutZeros(this.schedule) };
      case "POST system":
      case "PUT system":
        this.schedule = {
          schedule: fields["schedule"],
          job_parameters: JSON.stringify({ workers: 1, ...(fields["parameters"] as object) }),
        };
        return { status: 201 };
      default:
        return {
          status: 405,
          body: { errors: [{ message: `${method} ${path} is not expected` }] },
        };
    }
  }

  private found(body: unknown): Answer {
    return body === undefined ? { status: 404 } : { status: 200, body };
  }

  private retain(ref: number): void {
    const project = this.projects.find(({ project_id: id }) => id === ref);
    if (project !== undefined) project.metadata["retention_id"] = String(this.retentions.length);
  }

  private makeRobot(fields: Record<string, unknown>): Answer {
    const id = this.robots.length + 10;
    const robot = { ...fields, id, name: `robot$${String(fields["name"])}`, secret: "generated" };
    this.robots.push(robot);
    return { status: 201, body: { id, name: robot.name, secret: robot.secret } };
  }
}
