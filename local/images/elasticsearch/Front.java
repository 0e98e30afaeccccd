import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.elasticsearch.common.bytes.BytesArray;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.xcontent.XContentHelper;
import org.elasticsearch.xcontent.XContentType;

/**
 * Stands in for the security module at a node's HTTP port: TLS with the certificate of the node's settings, basic
 * authentication, and the users of its REST API. A request of a user goes to the node with the user's name in a header,
 * where {@link Permissions} compares its action with the user's roles.
 */
public final class Front {
  /** Header that names the user of a request to the node. */
  public static final String USER_HEADER = "X-Stand-In-User";

  private static final Pattern USER = Pattern.compile("/_security/user/([^/]+?)(/_password)?");
  /** Headers that both ends of a connection set for themselves. */
  private static final Set<String> OWN =
      Set.of("connection", "content-length", "host", "transfer-encoding", "expect", "upgrade",
          "authorization", "keep-alive", USER_HEADER.toLowerCase());

  private final HttpsServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String node;
  private final Users users;

  /** Binds the port, but does not respond yet. */
  Front(Path config, Settings settings, Path data, int nodePort) throws Exception {
    node = "http://127.0.0.1:" + nodePort;
    users = new Users(data.resolve("stand-in/users.properties"), System.getenv("ELASTIC_PASSWORD"));
    Users.ofNode = users;
    int port = settings.getAsInt("http.port", 9200);
    server = HttpsServer.create(new InetSocketAddress(port), 128);
    server.setHttpsConfigurator(new HttpsConfigurator(context(config, settings)));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
  }

  void start() {
    server.start();
  }

  void stop() {
    server.stop(1);
  }

  private static SSLContext context(Path config, Settings settings) throws Exception {
    String prefix = "xpack.security.http.ssl.";
    byte[] chain = Files.readAllBytes(config.resolve(settings.get(prefix + "certificate")));
    Certificate[] certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(chain))
            .toArray(new Certificate[0]);
    String text = Files.readString(config.resolve(settings.get(prefix + "key")));
    byte[] key = Base64.getMimeDecoder().decode(text.replaceAll("-----[^-]+-----", ""));
    PrivateKey privateKey =
        KeyFactory.getInstance(certificates[0].getPublicKey().getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(key));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("node", privateKey, new char[0], certificates);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private void handle(HttpExchange exchange) {
    try {
      String name = users.authenticate(exchange.getRequestHeaders().getFirst("Authorization"));
      String path = exchange.getRequestURI().getPath();
      Matcher user = USER.matcher(path);
      if (name == null) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"security\", charset=\"UTF-8\"");
        refuse(exchange, 401, "unable to authenticate user for REST request [" + path + "]");
      } else if (path.equals("/_security/_authenticate")) {
        answer(exchange, 200, describe(name));
      } else if (user.matches()) {
        if (name.equals("elastic")) user(exchange, user.group(1), user.group(2) != null);
        else refuse(exchange, 403, "only user elastic may manage users here, not [" + name + "]");
      } else {
        forward(exchange, name);
      }
    } catch (Exception error) {
      error.printStackTrace();
      exchange.close();
    }
  }

  private void user(HttpExchange exchange, String name, boolean passwordOnly) throws Exception {
    if (exchange.getRequestMethod().equals("GET")) {
      boolean found = !passwordOnly && users.has(name);
      answer(exchange, found ? 200 : 404, found ? "{" + quoted(name) + ":" + describe(name) + "}" : "{}");
      return;
    }
    if (!exchange.getRequestMethod().matches("PUT|POST")) {
      refuse(exchange, 405, "the stand-in gets and puts users only");
      return;
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    Map<String, Object> wanted =
        XContentHelper.convertToMap(new BytesArray(body), false, XContentType.JSON).v2();
    String password = (String) wanted.get("password");
    boolean present = users.has(name);
    if (password == null ? passwordOnly || !present : password.length() < 6) {
      refuse(exchange, 400, "a password must have at least [6] characters");
    } else if (passwordOnly ? !present : Users.isBuiltIn(name)) {
      refuse(exchange, 400, "user [" + name + "] is " + (present ? "built in" : "not there"));
    } else {
      List<String> roles = passwordOnly ? users.roles(name) : roles(wanted.get("roles"));
      users.put(name, password, roles);
      answer(exchange, 200, passwordOnly ? "{}" : "{\"created\":" + !present + "}");
    }
  }

  private static List<String> roles(Object list) {
    return list instanceof List<?> some ? some.stream().map(String::valueOf).toList() : List.of();
  }

  private String describe(String name) {
    String roles = String.join(",", users.roles(name).stream().map(Front::quoted).toList());
    return "{\"username\":" + quoted(name) + ",\"roles\":[" + roles + "],\"full_name\":null,\"email\":null,"
        + "\"metadata\":{},\"enabled\":true}";
  }

  private void forward(HttpExchange exchange, String name) throws Exception {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(node + exchange.getRequestURI()))
            .method(exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
            .header(USER_HEADER, name);
    exchange.getRequestHeaders().forEach((key, values) -> {
      if (!OWN.contains(key.toLowerCase())) values.forEach(value -> request.header(key, value));
    });
    HttpResponse<byte[]> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException error) {
      refuse(exchange, 503, "the node does not answer: " + error);
      return;
    }
    response.headers().map().forEach((key, values) -> {
      if (!OWN.contains(key.toLowerCase())) exchange.getResponseHeaders().put(key, values);
    });
    send(exchange, response.statusCode(), response.body());
  }

  private static void refuse(HttpExchange exchange, int status, String reason) throws IOException {
    String cause = "\"type\":\"security_exception\",\"reason\":" + quoted(reason);
    answer(exchange, status, "{\"error\":{\"root_cause\":[{" + cause + "}]," + cause + "},\"status\":" + status + "}");
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    send(exchange, status, json.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    // A connection can be reused only after the body is read.
    exchange.getRequestBody().readAllBytes();
    boolean none = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
    exchange.sendResponseHeaders(status, none ? -1 : body.length);
    if (!none) exchange.getResponseBody().write(body);
    exchange.getResponseBody().close();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
