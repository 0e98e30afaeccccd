import type { Filebeat } from "./filebeat";

/** Bytes that a file needs before the tests' older Filebeat reads it. */
const enough = 10_000;

/** Additional lines of a container, which tests do not check. */
export const containerFill = Array.from({ length: 40 }, (_, index) => `fill ${index}`);

const dev = [
  "before",
  "\u0001".repeat(1_000_000),
  "x".repeat(1_800_000),
  "after",
  ...Array.from({ length: 4 }, (_, index) => `${index} ${"y".repeat(3000)}`),
];

/** Lines of an access log: first probes, identical in all pods at the same second, then requests. */
function accessLog(pod: string): string[] {
  const probe = `10.0.0.1 - - [26/Nov/2026:19:00:00 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "probe"`;
  const request = (index: number) =>
    `10.1.2.3 - - [26/Nov/2026:19:01:00 +0000] "GET /${pod}/${index} HTTP/1.1" 200 512 "-" "curl"`;
  return [
    ...Array.from({ length: 14 }, () => probe),
    ...Array.from({ length: 200 }, (_, index) => request(index)),
  ];
}

/** Number of events in the files. */
export const expectedEvents = 2 * 214 + dev.length + containerFill.length + 2;

/** Writes the log files of a node for the tests of the log pipeline. */
export function writeLogs(filebeat: Filebeat): void {
  const folder = "/data/nodelogs/dev";
  const text = (lines: string[]) => lines.map((line) => `${line}\n`).join("");
  for (const pod of ["shop-a", "shop-b"]) {
    const lines = text(accessLog(pod));
    if (lines.length < enough) throw new Error("an access log is too short to be read");
    filebeat.write(`${folder}/accesslogs/shop.example.com/${pod}/access.log`, lines);
  }
  filebeat.write(`${folder}/devlogs/shop.example.com/shop-a/dev.log`, text(dev));
  const cri = (stream: string, line: string, index: number) =>
    `2026-11-26T19:00:00.${String(index).padStart(9, "0")}Z ${stream} F ${line}`;
  const printed: [string, string][] = [
    ["stderr", "ERROR x"],
    ["stderr", "java.lang.RuntimeException: boom"],
    ["stdout", "GET / 200"],
    ["stderr", "\tat a.b.C.d(C.java:1)"],
    ...containerFill.map((line): [string, string] => ["stdout", line]),
  ];
  filebeat.write(
    "/var/log/containers/web-1_shop_web-0123456789abcdef.log",
    text(printed.map(([stream, line], index) => cri(stream, line, index))),
  );
}
