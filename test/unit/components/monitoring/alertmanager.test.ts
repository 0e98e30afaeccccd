import assert from "node:assert/strict";
import { parse } from "yaml";
import { at, type Declared } from "../../../support/declare";
import { type Config, monitoring, pod, container, file, many } from "./declared";

describe("Alertmanager", () => {
  const routes = {
    heartbeat: { value: "https://alarm.test/one-secret" },
    default: [{ type: "webhook", url: { value: "https://hooks.test/two-secret" } }],
    teams: {
      commerce: [
        { type: "slack", channel: "#commerce", url: { secret: "chat", key: "url" } },
        { type: "email", to: "commerce@example.com" },
      ],
    },
    mail: {
      smarthost: "mail.example.com:587",
      from: "alerts@example.com",
      login: { username: "alerts", password: { value: "three-secret" } },
    },
  } satisfies Config["alertRoutes"];

  interface ReceiverEntry {
    name: string;
    webhook_configs?: { url_file: string }[];
    slack_configs?: { api_url_file: string; channel: string }[];
    email_configs?: { to: string }[];
  }

  function receivers(declared: Declared): ReceiverEntry[] {
    const config = parse(file(declared, "alertmanager-", "alertmanager.yml")) as object;
    return at(config, "receivers") as ReceiverEntry[];
  }

  it("notifies each team through its own receivers", async () => {
    const declared = await monitoring({ alertRoutes: routes });
    const all = receivers(declared);
    const of = (name: string) => all.find((receiver) => receiver.name === name);
    assert.deepEqual(all.map(({ name }) => name).sort(), [
      "commerce",
      "dead-mans-switch",
      "platform",
    ]);
    assert.equal(of("commerce")?.slack_configs?.[0]?.channel, "#commerce");
    assert.equal(of("commerce")?.email_configs?.[0]?.to, "commerce@example.com");
  });

  it("remembers what it sent as long as it does not repeat it", async () => {
    const declared = await monitoring({ alertRoutes: routes });
    const config = parse(file(declared, "alertmanager-", "alertmanager.yml")) as object;
    const { repeat_interval: interval } = at(config, "route") as { repeat_interval: string };
    await monitoring({ alertmanager: { retention: interval } });
    assert.equal(interval, "12h");
    assert.throws(() => {
      void monitoring({ alertmanager: { retention: "11h" } });
    }, /a duration of at least 12h/);
  });

  it("reads every credential from a file that is mounted", async () => {
    const declared = await monitoring({ alertRoutes: routes });
    const text = file(declared, "alertmanager-", "alertmanager.yml");
    const named = [...text.matchAll(/_file: (\S+)/g)].map(([, path = ""]) => path).sort();
    const folder = "/etc/alertmanager/credentials";
    assert.deepEqual(named, [
      `${folder}/heartbeat`,
      `${folder}/mail-password`,
      `${folder}/team-commerce-0`,
      `${folder}/team-platform-0`,
    ]);
    const volume = pod(declared, "StatefulSet", "alertmanager").volumes.find(
      ({ name }) => name === "credentials",
    );
    assert.deepEqual(
      volume?.projected.sources.map(({ secret }) => secret),
      [
        { name: "alertmanager-receivers" },
        { name: "chat", items: [{ key: "url", path: "team-commerce-0" }], optional: true },
      ],
    );
    assert.deepEqual(declared.object("Secret", "alertmanager-receivers")["stringData"], {
      heartbeat: "https://alarm.test/one-secret",
      "mail-password": "three-secret",
      "team-platform-0": "https://hooks.test/two-secret",
    });
  });

  it("shows no credential outside of its Secret", async () => {
    const declared = await monitoring({ alertRoutes: routes });
    const others = declared.objects.filter(({ kind }) => kind !== "Secret");
    assert.doesNotMatch(JSON.stringify(others), /-secret"|one-secret|two-secret|three-secret/);
  });

  it("needs no Secret without receivers", async () => {
    const declared = await monitoring();
    assert.ok(!declared.names("Secret").includes("alertmanager-receivers"));
    const volumes = pod(declared, "StatefulSet", "alertmanager").volumes;
    assert.deepEqual(volumes.find(({ name }) => name === "credentials")?.emptyDir, {
      sizeLimit: "1Mi",
    });
  });

  it("connects to its peers if there are several, and to nothing otherwise", async () => {
    const flags = async (config: Config) =>
      container(await monitoring(config), "StatefulSet", "alertmanager").args.filter((arg) =>
        arg.startsWith("--cluster."),
      );
    assert.deepEqual(await flags({}), ["--cluster.listen-address="]);
    assert.deepEqual(await flags(many), [
      "--cluster.listen-address=[$(POD_IP)]:9094",
      "--cluster.advertise-address=[$(POD_IP)]:9094",
      ...[0, 1, 2].map(
        (index) => `--cluster.peer=alertmanager-${index}.alertmanager-pods.monitoring.svc:9094`,
      ),
    ]);
    const ports = at((await monitoring(many)).object("Service", "alertmanager-pods"), "spec.ports");
    assert.deepEqual(
      (ports as { port: number; protocol?: string }[]).map(({ port, protocol }) => [
        port,
        protocol,
      ]),
      [
        [9093, undefined],
        [9094, "TCP"],
        [9094, "UDP"],
      ],
    );
  });

  it("restarts when its configuration changes", async () => {
    const name = async (config: Config) =>
      pod(await monitoring(config), "StatefulSet", "alertmanager").volumes.find(
        (volume) => volume.name === "config",
      )?.configMap.name;
    assert.notEqual(await name({}), await name({ alertRoutes: routes }));
  });
});
