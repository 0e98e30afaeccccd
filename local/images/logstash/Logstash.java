import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Stands in for Logstash, which no registry carries: runs a pipeline in Logstash's language, as far as
 * this project's pipelines use it. It has no queue of its own: a line counts as read once Elasticsearch has it.
 * Usage: Logstash PIPELINE VERSION, or Logstash PIPELINE try, which prints the result of the filters for events from
 * standard input, one JSON object per line.
 */
public final class Logstash {
  private static final Set<String> KAFKA =
      Set.of("bootstrap_servers", "group_id", "client_id", "auto_offset_reset", "security_protocol",
          "sasl_mechanism", "sasl_jaas_config", "ssl_truststore_type", "ssl_truststore_location");
  private static final int API_PORT = 9600;

  public static void main(String[] args) throws Exception {
    Map<String, List<Pipeline.Step>> sections = Pipeline.read(Files.readString(Path.of(args[0])));
    Map<String, Object> input = only(sections.get("input"), "kafka");
    List<Pipeline.Step> filters = sections.get("filter");
    Filters.check(filters);
    if (args[1].equals("try")) {
      tryOut(filters);
      return;
    }
    Elasticsearch output = new Elasticsearch(only(sections.get("output"), "elasticsearch"));
    List<KafkaConsumer<String, String>> consumers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    int count = Integer.parseInt(String.valueOf(input.getOrDefault("consumer_threads", "1")));
    for (int number = 0; number < count; number++) {
      KafkaConsumer<String, String> consumer = new KafkaConsumer<>(properties(input, number));
      consumers.add(consumer);
      threads.add(new Thread(() -> work(consumer, input, filters, output)));
    }
    threads.forEach(Thread::start);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(consumers, threads)));
    serve(args[1]);
    System.out.println("[INFO] pipeline started");
  }

  private static void tryOut(List<Pipeline.Step> filters) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Event event = Event.decoded(line);
      Filters.apply(event, filters);
      System.out.println(event.encoded());
    }
  }

  private static Map<String, Object> only(List<Pipeline.Step> steps, String plugin) {
    if (steps == null || steps.size() != 1 || !plugin.equals(steps.get(0).plugin())) {
      throw new IllegalArgumentException("pipeline: expected one plugin " + plugin + " in its section, got " + steps);
    }
    return steps.get(0).settings();
  }

  private static Properties properties(Map<String, Object> settings, int number) {
    Properties properties = new Properties();
    settings.forEach((key, value) -> {
      if (KAFKA.contains(key)) properties.setProperty(key.replace('_', '.'), String.valueOf(value));
      else if (key.equals("codec") && value.equals("json")) return;
      else if (key.equals("partition_assignment_strategy") && value.equals("cooperative_sticky")) {
        properties.setProperty("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
      } else if (!Set.of("topics", "consumer_threads").contains(key)) {
        throw new IllegalArgumentException("kafka: expected a setting that the stand-in knows, got " + key + " => " + value);
      }
    });
    properties.setProperty("client.id", settings.get("client_id") + "-" + number);
    properties.setProperty("enable.auto.commit", "false");
    properties.setProperty("key.deserializer", StringDeserializer.class.getName());
    properties.setProperty("value.deserializer", StringDeserializer.class.getName());
    return properties;
  }

  @SuppressWarnings("unchecked")
  private static void work(
      KafkaConsumer<String, String> consumer, Map<String, Object> input,
      List<Pipeline.Step> filters, Elasticsearch output) {
    try (consumer) {
      consumer.subscribe((List<String>) input.get("topics"));
      while (true) {
        List<Event> events = new ArrayList<>();
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          try {
            Event event = Event.decoded(record.value());
            Filters.apply(event, filters);
            events.add(event);
          } catch (JsonProcessingException error) {
            System.out.println("[WARN] not JSON, skipped: " + record.value());
          }
        }
        output.write(events);
        if (!events.isEmpty()) consumer.commitSync();
      }
    } catch (WakeupException stopped) {
      // The last lines are read again at the next start.
    } catch (Throwable error) {
      error.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void stop(List<KafkaConsumer<String, String>> consumers, List<Thread> threads) {
    consumers.forEach(KafkaConsumer::wakeup);
    for (Thread thread : threads) {
      try {
        thread.join(10_000);
      } catch (InterruptedException error) {
        return;
      }
    }
  }

  /** Answers probes, like Logstash's API once its pipelines have started. */
  private static void serve(String version) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(API_PORT), 16);
    byte[] answer = ("{\"version\":\"" + version + "\",\"status\":\"green\"}").getBytes(StandardCharsets.UTF_8);
    server.createContext("/", exchange -> {
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.getResponseBody().close();
    });
    server.start();
  }
}
