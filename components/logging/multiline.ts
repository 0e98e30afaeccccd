/** How lines become one event: Filebeat's own terms, see its filestream parser `multiline`. */
export interface Multiline {
  type: "pattern";
  /** RE2, and written so that JavaScript reads it the same way; the tests rely on it. */
  pattern: string;
  /** Whether the lines that do not match are the ones that belong to another line. */
  negate: boolean;
  /** The other line stands before them. */
  match: "after";
  /** Lines of one event; what is more is cut off. A Java trace with causes has 300. */
  max_lines: number;
  timeout: string;
}

const common = { type: "pattern", match: "after", max_lines: 500, timeout: "5s" } as const;

/**
 * Tomcat's catalina and localhost logs: a record begins with a time, as Tomcat writes it
 * (`21-Nov-2026 07:36:00.123`), as java.util.logging once did (`Nov 21, 2026 7:36:00 AM`), or as ISO
 * 8601, perhaps in brackets. Everything else belongs to the record before.
 */
export const tomcatRecords: Multiline = {
  ...common,
  pattern:
    "^\\[?([0-9]{1,2}-[A-Z][a-z]{2}-[0-9]{4} |[A-Z][a-z]{2} [0-9]{1,2}, [0-9]{4} |[0-9]{4}-[0-9]{2}-[0-9]{2}[T ])",
  negate: true,
};

/**
 * Anything that may hold Java traces: frames (`\tat …`), what was left out (`\t... 12 more`), causes,
 * and the line that names the exception, which a logger writes below its own. Other lines are
 * records of their own, whatever their form: nobody knows how an app writes them.
 */
export const javaTraces: Multiline = {
  ...common,
  pattern:
    "^(\\s+(at|\\.{3}|Suppressed:|Caused by:)\\s|Caused by:\\s|\\s*\\[CIRCULAR REFERENCE:|([a-z][A-Za-z0-9_]*\\.)+[A-Z][A-Za-z0-9_$]*(Exception|Error|Throwable|Fault)(:|\\s*$))",
  negate: false,
};
