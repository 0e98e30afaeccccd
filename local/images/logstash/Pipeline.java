import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pipeline in Logstash's language, as far as this project's pipelines use it; anything else is an error. */
final class Pipeline {
  /** A step of a section: a plugin with settings, or steps under a condition. */
  record Step(
      String plugin, Map<String, Object> settings, List<Test> when, List<Step> then, List<Step> otherwise) {}

  /** One test of a condition, all of which must hold: of a field's presence, or of its value. */
  record Test(boolean negated, String field, String operator, String operand) {}

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:#[^\\n]*\\s*)*(?:"
              + "(?<string>\"[^\"]*\"|'[^']*')|(?<field>(?:\\[[^\\[\\]\"',\\s]+\\])+)"
              + "|(?<regex>/(?:[^/\\\\\\n]|\\\\.)*/)|(?<word>[\\w.@-]+)|(?<mark>=>|==|=~|[{}\\[\\],!]))");

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private int next = 0;

  private Pipeline(String text) {
    this.text = text;
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.region(end, text.length()).lookingAt()) {
      tokens.add(matcher.group().strip().replaceFirst("^(#[^\\n]*\\s*)+", ""));
      end = matcher.end();
    }
    if (!text.substring(end).isBlank()) {
      throw wrong("a token", text.substring(end, Math.min(text.length(), end + 40)));
    }
  }

  /** Returns the steps of each section: input, filter and output. */
  static Map<String, List<Step>> read(String text) {
    Pipeline pipeline = new Pipeline(text);
    Map<String, List<Step>> sections = new LinkedHashMap<>();
    while (pipeline.next < pipeline.tokens.size()) {
      sections.computeIfAbsent(pipeline.take(), name -> new ArrayList<>()).addAll(pipeline.steps());
    }
    return sections;
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    expect("{");
    while (!takes("}")) {
      String name = take();
      if (name.equals("if")) steps.add(condition());
      else steps.add(new Step(name, settings(), null, null, null));
    }
    return steps;
  }

  private Step condition() {
    List<Test> tests = new ArrayList<>();
    do {
      boolean negated = takes("!");
      String field = take();
      if (!field.startsWith("[")) throw wrong("a field", field);
      String operator = takes("==") ? "==" : takes("=~") ? "=~" : null;
      String operand = operator == null ? null : unquoted(take());
      if (negated && operator != null) throw wrong("no operator after !", operator);
      tests.add(new Test(negated, field, operator, operand));
    } while (takes("and"));
    List<Step> then = steps();
    List<Step> otherwise = takes("else") ? takes("if") ? List.of(condition()) : steps() : List.of();
    return new Step(null, null, tests, then, otherwise);
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    expect("{");
    while (!takes("}")) {
      String key = unquoted(take());
      expect("=>");
      settings.put(key, value());
    }
    return settings;
  }

  private Object value() {
    if (peek().equals("{")) return settings();
    if (!takes("[")) {
      // The list of one name looks like a field.
      String token = take();
      return environment(unquoted(token));
    }
    List<Object> list = new ArrayList<>();
    while (!takes("]")) {
      list.add(value());
      takes(",");
    }
    return list;
  }

  /** Replaces variables of the environment, as Logstash does. */
  private static String environment(String text) {
    return Pattern.compile("\\$\\{(\\w+)}")
        .matcher(text)
        .replaceAll(found -> {
          String value = System.getenv(found.group(1));
          if (value == null) throw new IllegalArgumentException("expected a variable " + found.group(1) + ", got none");
          return Matcher.quoteReplacement(value);
        });
  }

  private static String unquoted(String token) {
    return token.matches("(?s)\".*\"|'.*'|/.*/") ? token.substring(1, token.length() - 1) : token;
  }

  private String peek() {
    if (next >= tokens.size()) throw wrong("more text", "its end");
    return tokens.get(next);
  }

  private String take() {
    String token = peek();
    next++;
    return token;
  }

  private boolean takes(String token) {
    boolean found = next < tokens.size() && tokens.get(next).equals(token);
    if (found) next++;
    return found;
  }

  private void expect(String token) {
    if (!takes(token)) throw wrong(token, peek());
  }

  private IllegalArgumentException wrong(String expected, String got) {
    return new IllegalArgumentException("pipeline: expected " + expected + ", got " + got);
  }
}
