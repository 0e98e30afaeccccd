import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An event: fields by paths such as `[log][file][path]`, or `domain`. Fields below `@metadata` are not sent. */
final class Event {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern REFERENCE = Pattern.compile("%\\{([^}]+)}");

  private final Map<String, Object> fields;

  private Event(Map<String, Object> fields) {
    this.fields = fields;
  }

  /** Returns the event of a message, as the codec json decodes it with names of ECS. */
  @SuppressWarnings("unchecked")
  static Event decoded(String message) throws JsonProcessingException {
    Event event = new Event(JSON.readValue(message, LinkedHashMap.class));
    event.set("[event][original]", message);
    event.set("@version", "1");
    return event;
  }

  Object get(String path) {
    Object value = fields;
    for (String key : keys(path)) value = value instanceof Map<?, ?> map ? map.get(key) : null;
    return value;
  }

  @SuppressWarnings("unchecked")
  void set(String path, Object value) {
    List<String> keys = keys(path);
    Map<String, Object> parent = fields;
    for (String key : keys.subList(0, keys.size() - 1)) {
      parent = (Map<String, Object>) parent.computeIfAbsent(key, name -> new LinkedHashMap<String, Object>());
    }
    parent.put(keys.get(keys.size() - 1), value);
  }

  void remove(String path) {
    List<String> keys = keys(path);
    Object parent = fields;
    for (String key : keys.subList(0, keys.size() - 1)) {
      parent = parent instanceof Map<?, ?> map ? map.get(key) : null;
    }
    if (parent instanceof Map<?, ?> map) map.remove(keys.get(keys.size() - 1));
  }

  /** Replaces `%{field}`; a reference to a missing field is kept. */
  String filled(String text) {
    return REFERENCE.matcher(text).replaceAll(found -> {
      Object value = get(found.group(1));
      return Matcher.quoteReplacement(value == null ? found.group() : String.valueOf(value));
    });
  }

  /** Returns the event as it is sent. */
  String encoded() throws JsonProcessingException {
    Map<String, Object> sent = new LinkedHashMap<>(fields);
    sent.remove("@metadata");
    return JSON.writeValueAsString(sent);
  }

  private static List<String> keys(String path) {
    return path.startsWith("[") ? List.of(path.substring(1, path.length() - 1).split("]\\[")) : List.of(path);
  }
}
