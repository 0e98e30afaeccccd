/** How lines are combined into one event, in the terms of Filebeat's filestream parser `multiline`. */
export interface Multiline {
  type: "pattern";
  /** RE2 syntax that JavaScript interprets the same way; the tests rely on it. */
  pattern: string;
  /** Whether lines that do not match, rather than those that match, belong to another line. */
  negate: boolean;
  /** Lines are appended to the line before them. */
  match: "after";
  /** Largest number of lines of an event; the rest is truncated. A Java stack trace with causes has up to 300. */
  max_lines: number;
  timeout: string;
}

const common = { type: "pattern", match: "after", max_lines: 500, timeout: "5s" } as const;

/**
 * Tomcat's catalina and localhost logs: a record begins with a time in Tomcat's format (`21-Nov-2026 07:36:00.123`),
 * that of java.util.logging (`Nov 21, 2026 7:36:00 AM`), or ISO 8601, perhaps in brackets. All other lines belong to
 * the record before.
 */
export const tomcatRecords: Multiline = {
  ...common,
  pattern:
    "^\\[?([0-9]{1,2}-[A-Z][a-z]{2}-[0-9]{4} |[A-Z][a-z]{2} [0-9]{1,2}, [0-9]{4} |[0-9]{4}-[0-9]{2}-[0-9]{2}[T ])",
  negate: true,
};

/**
 * Any log that may contain Java stack traces: frames (`\tat …`), omitted frames (`\t... 12 more`), causes, and the line
 * that names the exception, which a logger writes below its own. Every other line is a separate record, because the log
 * format of an app is not known.
 */
export const javaTraces: Multiline = {
  ...common,
  pattern:
    "^(\\s+(at|\\.{3}|Suppressed:|Caused by:)\\s|Caused by:\\s|\\s*\\[CIRCULAR REFERENCE:|([a-z][A-Za-z0-9_]*\\.)+[A-Z][A-Za-z0-9_$]*(Exception|Error|Throwable|Fault)(:|\\s*$))",
  negate: false,
};
