import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Pod, RealStack } from "../support/stack";
import { until } from "../../support/until";

/** An event in Elasticsearch. */
interface Event {
  message: string;
  domain: string;
  ltype: string;
  wtype: string;
  kubernetes: { pod: { name: string } };
}

/** The app that writes logs to a directory of the node, which only a team with another Pod Security may have. */
const writer = "writer";
const directory = "/var/log/writer";
const domainOf = (app: string) => `${app}.dev.platform.test`;

/** Time from a line to its event, in seconds. A search without a refresh sees it up to 30 s later: the index's interval. */
const timeoutSeconds = 30;

/**
 * Returns a command that prints 9 KiB. Filebeat 7 reads no file that is shorter than its fingerprint, the first 8192
 * bytes of an app's file, and takes two files with the same for one.
 */
function fill(name: string): string {
  return `for i in $(seq 90); do echo "filler $i of ${name} ${"x".repeat(80)}"; done`;
}

/** Adds the app whose lines {@link lines} looks for. */
export function addWriter(config: Record<string, unknown>): void {
  const { tenancy } = config["platform:components"] as { tenancy: { teams: object } };
  tenancy.teams = {
    ...tenancy.teams,
    writers: {
      quota: { cpu: "4", memory: "4Gi", pods: 20 },
      podSecurity: { level: "privileged", reason: "its apps write logs to directories" },
    },
  };
  Object.assign(config["platform:apps"] as object, {
    [writer]: {
      team: "writers",
      domain: domainOf(writer),
      image: `harbor.dev.platform.test/${domainOf(writer)}/${writer}`,
      preset: "node",
      logDirectories: { devlogs: directory },
      scaling: { min: 1, max: 2 },
      stable: { version: "1.0.0" },
    },
  });
}

/** The way of log lines: from a container or a directory through Filebeat and Kafka to Elasticsearch. */
export function lines(real: () => RealStack): void {
  const podOf = async (prefix: string): Promise<Pod["metadata"]> => {
    const findEvents = (await real().pods()).find(({ metadata }) =>
      metadata.name.startsWith(prefix),
    );
    assert.ok(findEvents, prefix);
    return findEvents.metadata;
  };
  const print = async ({ name, namespace }: Pod["metadata"], texts: string, file: string) =>
    real().exec(
      namespace,
      name,
      "sh",
      "-c",
      `{ ${fill(file)}; ${texts}; ${fill(file)}; } >>${file}`,
    );
  /** Asks Elasticsearch as its administrator, in its pod, over TLS. */
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const curl = `printf 'user = "elastic:%s"' "$ELASTIC_PASSWORD" | curl --silent --show-error --config - --cacert config/tls/ca.crt -H 'content-type: application/json' "$@"`;
    const data = body === undefined ? ["--request", "POST"] : ["--data", JSON.stringify(body)];
    const command = ["sh", "-c", curl, "ask", ...data, `https://localhost:9200${path}`];
    return JSON.parse(await real().exec("logging", "elasticsearch-0", ...command));
  };
  const found = async (app: string, word: string): Promise<Event[]> => {
    const stream = `/applogs-dev-${domainOf(app)}`;
    await ask(`${stream}/_refresh`);
    const query = { size: 50, query: { match: { message: word } } };
    const { hits } = (await ask(`${stream}/_search`, query)) as {
      hits: { hits: { _source: Event }[] };
    };
    return hits.hits.map(({ _source }) => _source);
  };
  const arrival = async (app: string, word: string): Promise<Event[]> => {
    let events: Event[] = [];
    await until(`an event of ${app} with ${word} is in Elasticsearch`, timeoutSeconds, async () => {
      events = await found(app, word);
      return events.length > 0;
    });
    return events;
  };
  const word = () => `word${randomBytes(6).toString("hex")}`;

  it("brings a line that an app prints to Elasticsearch, under its domain", async () => {
    const pod = await podOf("shop-1-4-2");
    const marker = word();
    await print(pod, `echo 'printed ${marker}'`, "/proc/1/fd/1");
    const [event, ...others] = await arrival("shop", marker);
    assert.deepEqual(others, []);
    assert.equal(event?.message, `printed ${marker}`);
    assert.equal(event.domain, domainOf("shop"));
    assert.equal(event.ltype, "containers");
    assert.equal(event.wtype, "dev");
    assert.equal(event.kubernetes.pod.name, pod.name);
  });

  it("brings a line that an app writes to its directory to Elasticsearch, under its domain", async () => {
    const pod = await podOf(writer);
    const marker = word();
    await print(pod, `echo 'written ${marker}'`, `${directory}/app.log`);
    const [event, ...others] = await arrival(writer, marker);
    assert.deepEqual(others, []);
    assert.equal(event?.message, `written ${marker}`);
    assert.equal(event.domain, domainOf(writer));
    assert.equal(event.ltype, "devlogs");
    assert.equal(event.kubernetes.pod.name, pod.name);
  });

  for (const [what, app, prefix, file] of [
    ["prints", "shop", "shop-1-4-2", "/proc/1/fd/2"],
    ["writes to its directory", writer, writer, `${directory}/traces.log`],
  ] as const) {
    it(`brings a Java trace that an app ${what} to Elasticsearch as one event`, async () => {
      const marker = word();
      const trace = [
        `ERROR ${marker} request failed`,
        `java.lang.IllegalStateException: ${marker} first`,
        `\tat com.example.Shop.order(Shop.java:${marker.length})`,
        "\t... 12 more",
        `Caused by: java.io.IOException: ${marker} cause`,
        "\tat com.example.Stock.count(Stock.java:7)",
      ];
      await print(
        await podOf(prefix),
        `printf '%s\\n' ${trace.map((it) => `'${it}'`).join(" ")}`,
        file,
      );
      const events = await arrival(app, marker);
      assert.deepEqual(
        events.map(({ message }) => message),
        [trace.join("\n")],
      );
    });
  }
}
