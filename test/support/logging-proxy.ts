import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BootstrapSettings } from "../../components/logging/bootstrap-settings";
import { runBootstrap } from "./bootstrap";
import type { ScriptRun } from "./captured";

const passwords = { elastic: "e", kibana_system: "k", logstash: "l", exporter: "x" };

/** Request of an export from Kibana. */
interface Exported {
  objects: { id: string }[];
}

/**
 * Runs the log pipeline's bootstrap against a real Elasticsearch. What no registry provides is simulated: logins and
 * users, which always have the wanted state, names of data streams, and Kibana.
 */
export async function runBehindProxy(
  elasticsearch: string,
  settings: BootstrapSettings,
): Promise<ScriptRun> {
  const kibanaPath = "/api/data_views/data_view";
  const view = (path: string) =>
    settings.dataViews.find(({ id }) => path === `${kibanaPath}/${id}`);
  const user = (path: string) =>
    settings.users.find(({ name }) => path === `/_security/user/${name}`);
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = "GET", url: path = "" } = request;
      const answer = (status: number, body: object) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      };
      const [present, person] = [view(path), user(path)];
      if (path.startsWith("/_security/_authenticate") || path === "/api/status") answer(200, {});
      else if (person) answer(200, { [person.name]: { roles: person.roles, enabled: true } });
      else if (present) answer(200, { data_view: { ...present, timeFieldName: "@timestamp" } });
      else if (path === "/api/saved_objects/_export") {
        const { objects } = JSON.parse(Buffer.concat(chunks).toString()) as Exported;
        answer(200, settings.savedObjects.find(({ id }) => id === objects[0]?.id) ?? {});
      } else if (method === "GET" && path.startsWith("/_data_stream/")) {
        const name = path.slice("/_data_stream/".length);
        const { status } = await fetch(`${elasticsearch}/${name}`);
        answer(status, {});
      } else {
        const real = await fetch(`${elasticsearch}${path}`, {
          method,
          headers: { "content-type": request.headers["content-type"] ?? "application/json" },
          body: chunks.length === 0 ? undefined : Buffer.concat(chunks),
        });
        response.writeHead(real.status, { "content-type": "application/json" });
        response.end(await real.text());
      }
    })().catch((error: unknown) => {
      response.writeHead(502);
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await runBootstrap(
      "logging/bootstrap/logging.mjs",
      { ...settings, elasticsearch: url, kibana: url },
      passwords,
    );
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
