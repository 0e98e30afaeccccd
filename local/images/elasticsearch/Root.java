import java.util.List;
import java.util.function.Supplier;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.ClusterState;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;

/** The response of the API's root, from which clients learn the version. */
final class Root extends BaseRestHandler {
  private final Supplier<ClusterState> state;

  Root(Supplier<ClusterState> state) {
    this.state = state;
  }

  @Override
  public String getName() {
    return "stand_in_root";
  }

  @Override
  public List<Route> routes() {
    return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
  }

  @Override
  protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
    ClusterState now = state.get();
    Build build = Build.current();
    String text =
        """
        {"name":"%s","cluster_name":"%s","cluster_uuid":"%s","version":{"number":"%s","build_flavor":"%s",\
        "build_type":"%s","build_hash":"%s","build_date":"%s","build_snapshot":%s,"lucene_version":"%s",\
        "minimum_wire_compatibility_version":"%s","minimum_index_compatibility_version":"%s"},\
        "tagline":"You Know, for Search"}
        """
            .formatted(
                now.nodes().getLocalNode().getName(), now.getClusterName().value(),
                now.metadata().clusterUUID(), build.version(), build.flavor(),
                build.type().displayName(), build.hash(), build.date(), build.isSnapshot(),
                org.apache.lucene.util.Version.LATEST, build.minWireCompatVersion(),
                build.minIndexCompatVersion());
    return channel ->
        channel.sendResponse(new RestResponse(RestStatus.OK, "application/json", text));
  }
}
