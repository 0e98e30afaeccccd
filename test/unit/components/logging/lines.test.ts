import assert from "node:assert/strict";
import { nodeLogFiles } from "../../../../components/logging/filebeat-config";
import { pathPattern } from "../../../../components/logging/logstash-config";
import {
  javaTraces,
  tomcatRecords,
  type Multiline,
} from "../../../../components/logging/multiline";

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
  it("become one event per record, with the trace and its causes", () => {
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

  it("do not affect other lines", () => {
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
  it("is split into domain, pod and file", () => {
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
