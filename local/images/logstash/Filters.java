import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filter plugins and settings that this project's pipelines use, in the order in which Logstash applies them. */
final class Filters {
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "json", Set.of("source", "target", "skip_on_invalid_json"),
          "mutate", Set.of("rename", "replace", "lowercase", "add_field", "remove_field"),
          "translate", Set.of("source", "target", "dictionary", "fallback"),
          "dissect", Set.of("mapping"));
  private static final Pattern DISSECTED = Pattern.compile("%\\{([^}]*)}");

  /** @throws IllegalArgumentException for a plugin or a setting that is not known. */
  static void check(List<Pipeline.Step> steps) {
    for (Pipeline.Step step : steps) {
      if (step.plugin() == null) {
        check(step.then());
        check(step.otherwise());
        continue;
      }
      Set<String> known = KNOWN.getOrDefault(step.plugin(), Set.of());
      for (String key : step.settings().keySet()) {
        if (!known.contains(key)) {
          throw new IllegalArgumentException(
              step.plugin() + ": expected a setting that the stand-in knows, got " + key);
        }
      }
    }
  }

  static void apply(Event event, List<Pipeline.Step> steps) {
    for (Pipeline.Step step : steps) {
      if (step.plugin() != null) plugin(event, step.plugin(), step.settings());
      else apply(event, holds(event, step.when()) ? step.then() : step.otherwise());
    }
  }

  private static boolean holds(Event event, List<Pipeline.Test> tests) {
    return tests.stream().allMatch(test -> {
      Object value = event.get(test.field());
      if (test.operator() == null) {
        return (value != null && !Boolean.FALSE.equals(value)) != test.negated();
      }
      if (test.operator().equals("==")) return test.operand().equals(String.valueOf(value));
      return value != null && Pattern.compile(test.operand()).matcher(String.valueOf(value)).find();
    });
  }

  @SuppressWarnings("unchecked")
  private static void plugin(Event event, String name, Map<String, Object> settings) {
    switch (name) {
      case "json" -> json(event, settings);
      case "mutate" -> mutate(event, settings);
      case "translate" -> translate(event, settings);
      case "dissect" ->
          ((Map<String, String>) settings.get("mapping"))
              .forEach((field, mapping) -> dissect(event, field, mapping));
      default -> throw new IllegalArgumentException(name + ": expected a plugin that the stand-in knows");
    }
  }

  private static void json(Event event, Map<String, Object> settings) {
    Object source = event.get((String) settings.get("source"));
    if (source == null) return;
    try {
      event.set((String) settings.get("target"), Event.JSON.readValue(String.valueOf(source), Object.class));
    } catch (JsonProcessingException error) {
      if (!"true".equals(settings.get("skip_on_invalid_json"))) tag(event, "_jsonparsefailure");
    }
  }

  @SuppressWarnings("unchecked")
  private static void mutate(Event event, Map<String, Object> settings) {
    ((Map<String, String>) settings.getOrDefault("rename", Map.of())).forEach((from, to) -> {
      Object value = event.get(from);
      if (value == null) return;
      event.remove(from);
      event.set(to, value);
    });
    ((Map<String, String>) settings.getOrDefault("replace", Map.of()))
        .forEach((field, text) -> event.set(field, event.filled(text)));
    for (String field : (List<String>) settings.getOrDefault("lowercase", List.of())) {
      if (event.get(field) instanceof String text) event.set(field, text.toLowerCase());
    }
    ((Map<String, String>) settings.getOrDefault("add_field", Map.of()))
        .forEach((field, text) -> event.set(field, event.filled(text)));
    ((List<String>) settings.getOrDefault("remove_field", List.of())).forEach(event::remove);
  }

  @SuppressWarnings("unchecked")
  private static void translate(Event event, Map<String, Object> settings) {
    Object source = event.get((String) settings.get("source"));
    if (source == null) return;
    Map<String, String> dictionary = (Map<String, String>) settings.get("dictionary");
    Object value = dictionary.getOrDefault(String.valueOf(source), (String) settings.get("fallback"));
    if (value != null) event.set((String) settings.get("target"), value);
  }

  /** Each part ends where the text after it begins; one without a name is skipped. */
  private static void dissect(Event event, String field, String mapping) {
    if (!(event.get(field) instanceof String text)) return;
    Matcher names = DISSECTED.matcher(mapping);
    StringBuilder pattern = new StringBuilder();
    int end = 0;
    while (names.find()) {
      pattern.append(Pattern.quote(mapping.substring(end, names.start())));
      pattern.append(names.end() == mapping.length() ? "(.*)" : "(.*?)");
      end = names.end();
    }
    pattern.append(Pattern.quote(mapping.substring(end)));
    Matcher parts = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(text);
    if (!parts.matches()) {
      tag(event, "_dissectfailure");
      return;
    }
    names.reset();
    for (int group = 1; names.find(); group++) {
      if (!names.group(1).isEmpty()) event.set(names.group(1), parts.group(group));
    }
  }

  private static void tag(Event event, String tag) {
    event.set("tags", List.of(tag));
  }
}
