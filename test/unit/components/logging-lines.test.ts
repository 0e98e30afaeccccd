import assert from "node:assert/strict";
import { filebeatConfig, nodeLogFiles } from "../../../components/logging/filebeat-config";
import {
  logstashSettings,
  pathPattern,
  pipeline,
} from "../../../components/logging/logstash-config";
import { javaTraces, tomcatRecords, type Multiline } from "../../../components/logging/multiline";
import { pipelineText } from "../../../components/logging/pipeline-text";
import { at } from "../../support/declare";

/** Simulates Filebeat's parser: lines that belong to the previous one are appended to it. */
function joined(lines: string[], { pattern, negate }: Multiline): string[] {
  return lines.reduce<string[]>((events, line) => {
    const belongs = new RegExp(pattern).test(line) !== negate;
    if (belongs && events.length > 0) events.push(`${events.pop() ?? ""}\n${line}`);
    else events.push(line);
    return events;
  }, []);
}

/** Returns the number of lines of each event. */
function lengths(text: string, multiline: Multiline): number[] {
  return joined(text.trim().split("\n"), multiline).map((event) => event.split("\n").length);
}

/** Simulates Logstash's dissect with one pattern; undefined if the text does not match. */
function dissect(pattern: string, text: string): Record<string, string> | undefined {
  const keys = [...pattern.matchAll(/%\{([^}]*)\}/g)].map(([, key]) => key ?? "");
  const delimiters = pattern.split(/%\{[^}]*\}/);
  if (!text.startsWith(delimiters[0] ?? "")) return undefined;
  let rest = text.slice(delimiters[0]?.length);
  const found: Record<string, string> = {};
  for (const [index, key] of keys.entries()) {
    const delimiter = delimiters[index + 1] ?? "";
    const end = delimiter === "" ? rest.length : rest.indexOf(delimiter);
    if (end < 0) return undefined;
    if (key !== "") found[key] = rest.slice(0, end);
    rest = rest.slice(end + delimiter.length);
  }
  return found;
}

const catalina = `
21-Nov-2026 07:36:00.123 INFO [main] org.apache.catalina.startup.VersionLoggerListener.log Server version name: Apache Tomcat/10.1.30
21-Nov-2026 07:36:02.001 SEVERE [main] org.apache.catalina.core.StandardContext.listenerStart Exception sending context initialized event
java.lang.IllegalStateException: no database
	at com.example.shop.Start.contextInitialized(Start.java:31)
	at org.apache.catalina.core.StandardContext.startInternal(StandardContext.java:5128)
	Suppressed: java.io.IOException: closed
		at com.example.shop.Pool.close(Pool.java:12)
		... 12 more
Caused by: java.sql.SQLException: Connection refused
	at com.mysql.cj.jdbc.ConnectionImpl.connect(ConnectionImpl.java:448)
	... 28 more

21-Nov-2026 07:36:03.500 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [3377] milliseconds
`;

describe("lines of Tomcat", () => {
  it("become one event for each record, with the trace and its causes", () => {
    assert.deepEqual(lengths(catalina, tomcatRecords), [1, 11, 1]);
  });

  it("are recognized with every time format of Tomcat", () => {
    const records = `
Nov 21, 2026 7:36:00 AM org.apache.catalina.core.AprLifecycleListener init
INFO: The APR based Apache Tomcat Native library was not found
2026-11-21 07:36:00,123 ERROR [http-nio-8080-exec-1] c.e.Shop - failed
java.lang.NullPointerException
[2026-11-21T07:36:00] WARN slow
1-Dec-2026 07:36:00.123 INFO [main] done
`;
    assert.deepEqual(lengths(records, tomcatRecords), [2, 2, 1, 1]);
  });
});

describe("lines with Java traces", () => {
  it("of Logback become one event: message, exception, frames, causes", () => {
    const text = `
07:36:00.123 [main] INFO  c.e.Shop - started
07:36:01.000 [exec-1] ERROR c.e.Shop - order 4711 failed
com.example.shop.OrderException: no stock
	at com.example.shop.Orders.place(Orders.java:77)
	at jdk.internal.reflect.GeneratedMethodAccessor12.invoke(Unknown Source)
	Suppressed: java.io.IOException: closed
		at com.example.shop.Pool.close(Pool.java:12)
	... 41 common frames omitted
Caused by: java.net.SocketTimeoutException: Read timed out
	at java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:288)
	... 50 common frames omitted
07:36:02.000 [main] INFO  c.e.Shop - next
`;
    assert.deepEqual(lengths(text, javaTraces), [1, 10, 1]);
  });

  it("begin with the thread's last words", () => {
    const text = `
Exception in thread "main" java.lang.RuntimeException: boom
	at com.example.Main.main(Main.java:3)
Caused by: java.lang.Error
	... 1 more
done
`;
    assert.deepEqual(lengths(text, javaTraces), [4, 1]);
  });

  it("leave the lines of everything else alone", () => {
    const text = `
{"level":"info","msg":"listening","port":3000}
    at the station
at 07:36 the job began
  indented: yaml
java.util.logging is configured
com.example.shop.Orders: 4 orders
[2026-11-21 07:36:00] production.ERROR: failed
#0 /app/index.php(12): run()
Traceback (most recent call last):
  File "app.py", line 3, in <module>
ValueError: no number
`;
    // The only line that looks like a frame is appended to the line before it.
    assert.deepEqual(lengths(text, javaTraces), [2, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });
});

describe("the path of an app's log file", () => {
  it("is taken apart into domain, pod and file", () => {
    const path =
      "/data/nodelogs/online/tomcatlogs/my-shop.example.com/shop-1-4-2-7d9f8-x2x4z/catalina.2026-11-21.log";
    assert.deepEqual(dissect(pathPattern, path), {
      domain: "my-shop.example.com",
      "[kubernetes][pod][name]": "shop-1-4-2-7d9f8-x2x4z",
      "[log][file][name]": "catalina.2026-11-21.log",
    });
  });

  it("is not mistaken for another file's", () => {
    assert.equal(dissect(pathPattern, "/var/log/containers/x.log"), undefined);
    assert.equal(dissect(pathPattern, "/data/nodelogs/online/devlogs/a.example.com"), undefined);
  });

  it("is one that Filebeat reads", () => {
    assert.equal(nodeLogFiles("dev", "accesslogs"), "/data/nodelogs/dev/accesslogs/*/*/*");
    assert.ok(pathPattern.startsWith("/data/nodelogs/%{}/%{}/%{domain}/"));
  });
});

describe("filebeat.yml", () => {
  interface Input {
    id: string;
    type: string;
    paths: string[];
    parsers: object[];
    fields: object;
    prospector: { scanner: { symlinks?: boolean; exclude_files: string[] } };
  }
  const config = (user?: string) =>
    filebeatConfig({
      environment: "gray",
      kafka: { servers: ["kafka:9092"], topic: "logs", user },
    });
  const inputs = () =>
    at({ inputs: (config() as Record<string, Input[]>)["filebeat.inputs"] }, "inputs") as Input[];

  it("reads containers and the three kinds of directory, each with its fields", () => {
    assert.deepEqual(
      inputs().map(({ id, type, paths, fields }) => ({ id, type, paths, fields })),
      [
        ["containers", "/var/log/containers/*.log"],
        ["containers-stderr", "/var/log/containers/*.log"],
        ["accesslogs", "/data/nodelogs/gray/accesslogs/*/*/*"],
        ["devlogs", "/data/nodelogs/gray/devlogs/*/*/*"],
        ["tomcatlogs", "/data/nodelogs/gray/tomcatlogs/*/*/*"],
      ].map(([id, path]) => ({
        id,
        type: "filestream",
        paths: [path],
        fields: { wtype: "gray", ltype: String(id).replace("-stderr", "") },
      })),
    );
  });

  it("joins lines by kind: containers and devlogs by traces, tomcatlogs by records, accesslogs never", () => {
    assert.deepEqual(
      inputs().map(({ parsers }) => parsers),
      [
        [{ container: { stream: "stdout", format: "auto" } }, { multiline: javaTraces }],
        [{ container: { stream: "stderr", format: "auto" } }, { multiline: javaTraces }],
        [],
        [{ multiline: javaTraces }],
        [{ multiline: tomcatRecords }],
      ],
    );
  });

  it("knows files by what they begin with, and reads small ones too", () => {
    for (const input of inputs()) {
      assert.deepEqual(at(input, "file_identity"), { fingerprint: { growing: true } });
      assert.equal(at(input, "prospector.scanner.fingerprint.enabled"), true);
    }
  });

  it("leaves out compressed files, and what the pipeline itself prints", () => {
    const [containers, , ...directories] = inputs();
    const excluded = (input: Input | undefined, file: string) =>
      input?.prospector.scanner.exclude_files.some((pattern) => new RegExp(pattern).test(file));
    assert.equal(containers?.prospector.scanner.symlinks, true);
    const own = "/var/log/containers/logstash-0_logging_logstash-0123abc.log";
    assert.ok(excluded(containers, own));
    const filebeat = own.replaceAll("logstash-0", "filebeat-x2x4z");
    assert.ok(excluded(containers, filebeat.replace("_logging_", "_logging-nodes_")));
    assert.ok(!excluded(containers, filebeat.replace("_logging_", "_commerce-dev_")));
    assert.ok(!excluded(containers, own.replace("_logging_", "_commerce-dev_")));
    for (const directory of directories) {
      assert.ok(excluded(directory, "/data/nodelogs/x/catalina.out.20261121.rotated.gz"));
      assert.ok(!excluded(directory, "/data/nodelogs/x/catalina.out.20261121.rotated"));
    }
  });

  it("waits for Kafka instead of losing lines", () => {
    const output = (config() as Record<string, object>)["output.kafka"] ?? {};
    assert.equal(at(output, "required_acks"), -1);
    assert.equal(at(output, "max_retries"), -1);
    assert.deepEqual(at(output, "hosts"), ["kafka:9092"]);
    assert.equal(at(output, "password"), undefined);
  });

  it("logs in with a password out of the environment, over TLS", () => {
    const output = (config("client") as Record<string, Record<string, unknown>>)["output.kafka"];
    assert.equal(output?.["username"], "client");
    assert.equal(output?.["password"], "${KAFKA_PASSWORD}");
    assert.deepEqual(output?.["ssl.certificate_authorities"], ["/etc/filebeat/tls/ca.crt"]);
  });
});

describe("Logstash's pipeline", () => {
  const text = (domains: Record<string, string>, user?: string) =>
    pipelineText(
      pipeline({
        environment: "online",
        domains,
        kafka: { servers: ["a:9092", "b:9092"], topic: "logs", user },
        consumerThreads: 2,
        elasticsearch: { url: "https://elasticsearch:9200", user: "logstash" },
      }),
    );

  it("is the text that Logstash reads", () => {
    assert.equal(
      text({ shop: "shop.example.com", news: "news.example.com" }),
      `input {
  kafka {
    bootstrap_servers => "a:9092,b:9092"
    topics => ["logs"]
    group_id => "logstash"
    client_id => "\${POD_NAME}"
    codec => "json"
    consumer_threads => 2
    auto_offset_reset => "earliest"
    partition_assignment_strategy => "cooperative_sticky"
  }
}
filter {
  if [ltype] == "containers" {
    if [kubernetes][labels][app_kubernetes_io/part-of] == "apps" {
      translate {
        source => "[kubernetes][labels][app_kubernetes_io/name]"
        target => "domain"
        dictionary => { "shop" => "shop.example.com" "news" => "news.example.com" }
      }
    }
    if [kubernetes][namespace] == "gateway" and [kubernetes][labels][app_kubernetes_io/name] == "traefik" and [message] =~ /^\\{.*"DownstreamStatus":/ {
      json {
        source => "message"
        target => "[@metadata][access]"
        skip_on_invalid_json => true
      }
      if [@metadata][access][DownstreamStatus] {
        mutate {
          rename => { "[@metadata][access][RequestMethod]" => "[http][request][method]" "[@metadata][access][request_Referer]" => "[http][request][referrer]" "[@metadata][access][DownstreamStatus]" => "[http][response][status_code]" "[@metadata][access][RequestPath]" => "[url][path]" "[@metadata][access][RequestHost]" => "[url][domain]" "[@metadata][access][request_User-Agent]" => "[user_agent][original]" "[@metadata][access][ClientHost]" => "[client][address]" "[@metadata][access][Duration]" => "[event][duration]" "[@metadata][access][RouterName]" => "route" "[@metadata][access][ServiceName]" => "service" }
        }
        mutate {
          replace => { "ltype" => "gateway" "message" => "%{[http][request][method]} %{[url][domain]}%{[url][path]} %{[http][response][status_code]}" }
          lowercase => ["[url][domain]"]
        }
        translate {
          source => "[url][domain]"
          target => "domain"
          dictionary => { "news.example.com" => "news.example.com" "shop.example.com" => "shop.example.com" }
        }
        translate {
          source => "[url][domain]"
          target => "app"
          dictionary => { "news.example.com" => "news" "shop.example.com" => "shop" }
        }
        if [service] =~ /-stable-http-[0-9]+@kubernetesgateway$/ {
          mutate {
            add_field => { "release" => "stable" "canary" => "false" }
          }
        }
        if [service] =~ /-canary-http-[0-9]+@kubernetesgateway$/ {
          mutate {
            add_field => { "release" => "canary" "canary" => "true" }
          }
        }
      }
    }
  }
  else {
    dissect {
      mapping => { "[log][file][path]" => "/data/nodelogs/%{}/%{}/%{domain}/%{[kubernetes][pod][name]}/%{[log][file][name]}" }
    }
  }
  if ![domain] {
    mutate {
      add_field => { "domain" => "platform" }
    }
  }
  mutate {
    lowercase => ["domain"]
    remove_field => ["[event][original]", "@version"]
  }
  translate {
    source => "domain"
    target => "[@metadata][stream]"
    dictionary => { "news.example.com" => "news.example.com" "shop.example.com" => "shop.example.com" }
    fallback => "platform"
  }
}
output {
  elasticsearch {
    hosts => ["https://elasticsearch:9200"]
    index => "applogs-online-%{[@metadata][stream]}"
    action => "create"
    data_stream => "false"
    manage_template => false
    ilm_enabled => false
    user => "logstash"
    password => "\${ELASTICSEARCH_PASSWORD}"
    ssl_enabled => true
    ssl_certificate_authorities => ["/etc/logstash/tls/ca.crt"]
  }
}
`,
    );
  });

  it("logs in to Kafka with quotes that its own text may hold", () => {
    const login = text({}, "client");
    assert.match(login, /security_protocol => "SASL_SSL"/);
    assert.match(
      login,
      /sasl_jaas_config => 'org\.apache\.kafka\.common\.security\.plain\.PlainLoginModule required username="client" password="\$\{KAFKA_PASSWORD\}";'/,
    );
  });

  it("has no dictionary without apps", () => {
    assert.equal(text({}).match(/translate/g)?.length, 1);
    assert.match(text({}), /dictionary => \{ +\}/);
  });

  it("refuses a text with both kinds of quotes", () => {
    const step = { plugin: "mutate", settings: { a: `"'` } };
    assert.throws(() => pipelineText({ input: [], filter: [step], output: [] }), /both kinds/);
  });

  it("keeps what it took from Kafka, and what Elasticsearch refused, on its disk", () => {
    const settings = logstashSettings(3);
    assert.equal(settings["queue.type"], "persisted");
    assert.equal(settings["queue.max_bytes"], "3gb");
    assert.equal(settings["dead_letter_queue.enable"], true);
    assert.equal(settings["dead_letter_queue.storage_policy"], "drop_older");
  });
});
