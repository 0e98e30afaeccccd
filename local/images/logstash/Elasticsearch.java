import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The output plugin elasticsearch: writes events, and retries those that the server cannot accept at the moment. */
final class Elasticsearch {
  private static final Set<String> KNOWN =
      Set.of("hosts", "index", "action", "data_stream", "manage_template", "ilm_enabled", "user",
          "password", "ssl_enabled", "ssl_certificate_authorities");
  private static final long PAUSE_MILLISECONDS = 1000;

  private final HttpClient client;
  private final URI bulk;
  private final String login;
  private final String index;
  private final String action;

  @SuppressWarnings("unchecked")
  Elasticsearch(Map<String, Object> settings) throws Exception {
    for (String key : settings.keySet()) {
      if (!KNOWN.contains(key)) {
        throw new IllegalArgumentException("elasticsearch: expected a setting that the stand-in knows, got " + key);
      }
    }
    bulk = URI.create(((List<String>) settings.get("hosts")).get(0) + "/_bulk");
    index = (String) settings.get("index");
    action = (String) settings.get("action");
    String user = settings.get("user") + ":" + settings.get("password");
    login = "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    List<String> authorities = (List<String>) settings.get("ssl_certificate_authorities");
    client = HttpClient.newBuilder().sslContext(trusting(authorities)).connectTimeout(Duration.ofSeconds(10)).build();
  }

  private static SSLContext trusting(List<String> files) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (String file : files) {
      try (InputStream in = Files.newInputStream(Path.of(file))) {
        for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          store.setCertificateEntry("authority-" + store.size(), certificate);
        }
      }
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** Writes events, and retries until it succeeds. An event that the server rejects permanently is reported and skipped. */
  void write(List<Event> events) throws IOException, InterruptedException {
    List<String> left = new ArrayList<>();
    for (Event event : events) {
      String name = Event.JSON.writeValueAsString(event.filled(index));
      left.add("{\"" + action + "\":{\"_index\":" + name + "}}\n" + event.encoded() + "\n");
    }
    while (!left.isEmpty()) {
      left = again(left, send(String.join("", left)));
      if (!left.isEmpty()) Thread.sleep(PAUSE_MILLISECONDS);
    }
  }

  private HttpResponse<String> send(String body) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(bulk)
            .header("Content-Type", "application/x-ndjson")
            .header("Authorization", login)
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException error) {
      System.out.println("[WARN] Elasticsearch does not respond, retrying: " + error);
      return null;
    }
  }

  /** Returns the events that must be written again. */
  private static List<String> again(List<String> sent, HttpResponse<String> response) throws IOException {
    if (response == null) return sent;
    if (response.statusCode() != 200) {
      System.out.println("[WARN] Elasticsearch answered " + response.statusCode() + ", retrying: " + response.body());
      return sent;
    }
    List<String> again = new ArrayList<>();
    JsonNode items = Event.JSON.readTree(response.body()).get("items");
    for (int number = 0; number < sent.size(); number++) {
      JsonNode item = items.get(number).elements().next();
      int status = item.get("status").asInt();
      // 409: written by an attempt whose response was lost.
      if (status < 300 || status == 409) continue;
      boolean dead = status == 400 || status == 404;
      System.out.println("[WARN] " + (dead ? "dead letter: " : "retrying: ") + item);
      if (!dead) again.add(sent.get(number));
    }
    return again;
  }
}
