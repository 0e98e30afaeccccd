import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.elasticsearch.action.admin.indices.create.AutoCreateAction;
import org.elasticsearch.action.admin.indices.create.CreateIndexRequest;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.Strings;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.mapper.Mapper;
import org.elasticsearch.index.mapper.TextFieldMapper;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.MapperPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.rest.action.RestToXContentListener;
import org.elasticsearch.xcontent.NamedXContentRegistry;
import org.elasticsearch.xcontent.ParseField;
import org.elasticsearch.xcontent.ToXContent;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xpack.core.ilm.DeleteAction;
import org.elasticsearch.xpack.core.ilm.LifecycleAction;
import org.elasticsearch.xpack.core.ilm.LifecycleSettings;
import org.elasticsearch.xpack.core.ilm.LifecycleType;
import org.elasticsearch.xpack.core.ilm.RolloverAction;
import org.elasticsearch.xpack.core.ilm.TimeseriesLifecycleType;
import org.elasticsearch.xpack.core.ilm.action.PutLifecycleRequest;
import org.elasticsearch.xpack.core.security.authz.RoleDescriptor;
import org.elasticsearch.xpack.core.security.authz.privilege.ClusterPrivilegeResolver;
import org.elasticsearch.xpack.core.security.authz.privilege.IndexPrivilege;
import org.elasticsearch.xpack.core.slm.SnapshotLifecyclePolicy;

/**
 * Stands in for modules that no registry carries: ILM, SLM, security's roles, data streams by name,
 * match_only_text. What is put is read and validated by the classes of x-pack-core that the real
 * modules use, and kept in memory; nothing acts on it.
 */
public final class StandIn extends Plugin implements ActionPlugin, MapperPlugin {
  private interface Reader {
    ToXContent read(String name, XContentParser parser) throws IOException;
  }

  @Override
  public List<Setting<?>> getSettings() {
    return List.of(
        LifecycleSettings.LIFECYCLE_NAME_SETTING,
        Setting.boolSetting("ingest.geoip.downloader.enabled", true, Setting.Property.NodeScope));
  }

  @Override
  public List<NamedXContentRegistry.Entry> getNamedXContent() {
    return List.of(
        new NamedXContentRegistry.Entry(
            LifecycleType.class,
            new ParseField(TimeseriesLifecycleType.TYPE),
            parser -> TimeseriesLifecycleType.INSTANCE),
        new NamedXContentRegistry.Entry(
            LifecycleAction.class, new ParseField(RolloverAction.NAME), RolloverAction::parse),
        new NamedXContentRegistry.Entry(
            LifecycleAction.class, new ParseField(DeleteAction.NAME), DeleteAction::parse));
  }

  @Override
  public Map<String, Mapper.TypeParser> getMappers() {
    return Map.of("match_only_text", TextFieldMapper.PARSER);
  }

  @Override
  public Collection<RestHandler> getRestHandlers(
      ActionPlugin.RestHandlersServices services,
      Supplier<DiscoveryNodes> nodes,
      Predicate<NodeFeature> features) {
    return List.of(
        new Kept("/_ilm/policy/{name}", StandIn::lifecycle),
        new Kept("/_slm/policy/{name}", StandIn::snapshots),
        new Kept("/_security/role/{name}", StandIn::role),
        new DataStream());
  }

  private static ToXContent lifecycle(String name, XContentParser parser) {
    PutLifecycleRequest.Factory factory =
        new PutLifecycleRequest.Factory() {
          @Override
          public String getPolicyName() {
            return name;
          }

          @Override
          public PutLifecycleRequest create(
              org.elasticsearch.xpack.core.ilm.LifecyclePolicy policy) {
            return new PutLifecycleRequest(TimeValue.ZERO, TimeValue.ZERO, policy);
          }
        };
    PutLifecycleRequest request = PutLifecycleRequest.parseRequest(factory, parser);
    reject(request.validate());
    request.getPolicy().validate();
    return request;
  }

  private static ToXContent snapshots(String name, XContentParser parser) {
    SnapshotLifecyclePolicy policy = SnapshotLifecyclePolicy.parse(parser, name);
    reject(policy.validate());
    return policy;
  }

  private static ToXContent role(String name, XContentParser parser) throws IOException {
    RoleDescriptor role = RoleDescriptor.parserBuilder().build().parse(name, parser);
    for (String privilege : role.getClusterPrivileges()) ClusterPrivilegeResolver.resolve(privilege);
    for (RoleDescriptor.IndicesPrivileges indices : role.getIndicesPrivileges()) {
      IndexPrivilege.resolveBySelectorAccess(Set.of(indices.getPrivileges()));
    }
    return role;
  }

  private static void reject(RuntimeException error) {
    if (error != null) throw error;
  }

  /** Objects of one kind: a PUT is read and validated, a GET gives it back under its name. */
  private static final class Kept extends BaseRestHandler {
    private final Map<String, String> objects = new ConcurrentHashMap<>();
    private final String path;
    private final Reader reader;

    Kept(String path, Reader reader) {
      this.path = path;
      this.reader = reader;
    }

    @Override
    public String getName() {
      return "stand_in" + path;
    }

    @Override
    public List<Route> routes() {
      return List.of(
          new Route(RestRequest.Method.PUT, path), new Route(RestRequest.Method.GET, path));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client)
        throws IOException {
      String name = request.param("name");
      if (request.method() == RestRequest.Method.PUT) {
        try (XContentParser parser = request.contentParser()) {
          objects.put(name, Strings.toString(reader.read(name, parser)));
        }
      }
      String body = objects.get(name);
      RestStatus status = body == null ? RestStatus.NOT_FOUND : RestStatus.OK;
      String answer = body == null ? "{}" : "{\"" + name + "\":" + body + "}";
      return channel ->
          channel.sendResponse(new RestResponse(status, "application/json", answer));
    }
  }

  /** A data stream, made as the first line for it would make it. */
  private static final class DataStream extends BaseRestHandler {
    @Override
    public String getName() {
      return "stand_in_data_stream";
    }

    @Override
    public List<Route> routes() {
      return List.of(new Route(RestRequest.Method.PUT, "/_data_stream/{name}"));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
      CreateIndexRequest wanted = new CreateIndexRequest(request.param("name"));
      return channel ->
          client.execute(
              AutoCreateAction.INSTANCE, wanted, new RestToXContentListener<>(channel));
    }
  }
}
