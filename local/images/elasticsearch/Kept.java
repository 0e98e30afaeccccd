import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.common.Strings;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.ToXContent;
import org.elasticsearch.xcontent.XContentParser;

/** Objects of one kind in the node's data folder: a PUT is read and validated, a GET returns it under its name. */
final class Kept extends BaseRestHandler {
  /** Reads an object with the class of the real module. */
  interface Reader {
    ToXContent read(String name, XContentParser parser) throws IOException;
  }

  private final String path;
  private final Reader reader;
  private final Supplier<Path> data;

  Kept(String path, Supplier<Path> data, Reader reader) {
    this.path = path;
    this.data = data;
    this.reader = reader;
  }

  /** Returns an object as JSON; null if there is none with this name. */
  String text(String name) {
    try {
      return Files.exists(file(name)) ? Files.readString(file(name)) : null;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private Path file(String name) {
    String kind = path.substring(1).replaceAll("/\\{name}$", "").replace('/', '-');
    return data.get().resolve("stand-in").resolve(kind).resolve(URLEncoder.encode(name, StandardCharsets.UTF_8));
  }

  @Override
  public String getName() {
    return "stand_in" + path;
  }

  @Override
  public List<Route> routes() {
    return List.of(new Route(RestRequest.Method.PUT, path), new Route(RestRequest.Method.GET, path));
  }

  @Override
  protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client)
      throws IOException {
    String name = request.param("name");
    if (request.method() == RestRequest.Method.PUT) {
      try (XContentParser parser = request.contentParser()) {
        String text = Strings.toString(reader.read(name, parser));
        Files.createDirectories(file(name).getParent());
        Files.writeString(file(name), text);
      }
    }
    String body = text(name);
    RestStatus status = body == null ? RestStatus.NOT_FOUND : RestStatus.OK;
    String answer = body == null ? "{}" : "{\"" + name + "\":" + body + "}";
    return channel -> channel.sendResponse(new RestResponse(status, "application/json", answer));
  }
}
