import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.elasticsearch.action.admin.indices.create.AutoCreateAction;
import org.elasticsearch.action.admin.indices.create.CreateIndexRequest;
import org.elasticsearch.action.support.ActionFilter;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.cluster.service.ClusterService;
import org.elasticsearch.common.settings.SecureSetting;
import org.elasticsearch.common.settings.SecureString;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.util.concurrent.ThreadContext;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.mapper.Mapper;
import org.elasticsearch.index.mapper.TextFieldMapper;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.MapperPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestHeaderDefinition;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.rest.action.RestToXContentListener;
import org.elasticsearch.xcontent.NamedXContentRegistry;
import org.elasticsearch.xcontent.ParseField;
import org.elasticsearch.xcontent.ToXContent;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xcontent.XContentParserConfiguration;
import org.elasticsearch.xcontent.XContentType;
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
 * Stands in for modules that no registry carries: ILM, SLM, security's roles, data streams by name, match_only_text,
 * the keys of repository-s3. Objects are parsed and validated by the classes of x-pack-core that the real modules use,
 * and stored in the node's data folder. Nothing acts on it, except {@link Permissions} on roles.
 */
public final class StandIn extends Plugin implements ActionPlugin, MapperPlugin {
  private volatile ClusterService cluster;
  private volatile Path data;
  private volatile ThreadContext context;
  private final Kept roles = new Kept("/_security/role/{name}", () -> data, StandIn::role);

  @Override
  public Collection<?> createComponents(PluginServices services) {
    cluster = services.clusterService();
    data = services.environment().dataDirs()[0];
    context = services.threadPool().getThreadContext();
    return List.of();
  }

  @Override
  public Collection<RestHeaderDefinition> getRestHeaders() {
    return List.of(new RestHeaderDefinition(Front.USER_HEADER, false));
  }

  @Override
  public Collection<ActionFilter> getActionFilters() {
    return List.of(new Permissions(name -> context.getHeader(name), this::roleNamed));
  }

  @Override
  public List<Setting<?>> getSettings() {
    return List.of(
        LifecycleSettings.LIFECYCLE_NAME_SETTING,
        Setting.boolSetting("ingest.geoip.downloader.enabled", true, Setting.Property.NodeScope),
        bucketKey("access_key"),
        bucketKey("secret_key"));
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
        new Kept("/_ilm/policy/{name}", () -> data, StandIn::lifecycle),
        new Kept("/_slm/policy/{name}", () -> data, StandIn::snapshots),
        roles,
        new Root(() -> cluster.state()),
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

  private RoleDescriptor roleNamed(String name) {
    String text = roles.text(name);
    if (text == null) return null;
    try (XContentParser parser =
        XContentType.JSON.xContent().createParser(XContentParserConfiguration.EMPTY, text)) {
      return RoleDescriptor.parserBuilder().build().parse(name, parser);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** A setting of repository-s3 in the keystore. Nothing uses it. */
  private static Setting.AffixSetting<SecureString> bucketKey(String name) {
    return Setting.affixKeySetting(
            "s3.client.", name, key -> SecureSetting.secureString(key, null));
  }

  private static void reject(RuntimeException error) {
    if (error != null) throw error;
  }

  /** A data stream: PUT creates it like the first line for it, GET returns its name. */
  private final class DataStream extends BaseRestHandler {
    @Override
    public String getName() {
      return "stand_in_data_stream";
    }

    @Override
    public List<Route> routes() {
      String path = "/_data_stream/{name}";
      return List.of(new Route(RestRequest.Method.PUT, path), new Route(RestRequest.Method.GET, path));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
      String name = request.param("name");
      if (request.method() == RestRequest.Method.GET) {
        boolean found = cluster.state().metadata().getDefaultProject().dataStreams().containsKey(name);
        RestStatus status = found ? RestStatus.OK : RestStatus.NOT_FOUND;
        String streams = found ? "{\"name\":\"" + name + "\"}" : "";
        String answer = "{\"data_streams\":[" + streams + "]}";
        return channel -> channel.sendResponse(new RestResponse(status, "application/json", answer));
      }
      CreateIndexRequest wanted = new CreateIndexRequest(name);
      return channel ->
          client.execute(
              AutoCreateAction.INSTANCE, wanted, new RestToXContentListener<>(channel));
    }
  }
}
