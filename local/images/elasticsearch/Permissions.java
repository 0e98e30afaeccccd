import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.elasticsearch.ElasticsearchSecurityException;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.ActionRequest;
import org.elasticsearch.action.ActionResponse;
import org.elasticsearch.action.IndicesRequest;
import org.elasticsearch.action.bulk.BulkRequest;
import org.elasticsearch.action.support.ActionFilter;
import org.elasticsearch.action.support.ActionFilterChain;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.tasks.Task;
import org.elasticsearch.xpack.core.security.authz.RoleDescriptor;
import org.elasticsearch.xpack.core.security.authz.permission.ClusterPermission;
import org.elasticsearch.xpack.core.security.authz.privilege.ClusterPrivilegeResolver;
import org.elasticsearch.xpack.core.security.authz.privilege.IndexPrivilege;
import org.elasticsearch.xpack.core.security.authz.store.ReservedRolesStore;
import org.elasticsearch.xpack.core.security.support.StringMatcher;

/**
 * Stands in for the security module's authorization: compares the action of a request with the privileges of its user's
 * roles, as x-pack-core defines them. It checks the action of the request itself, not the actions that result from it; documents and fields are not restricted.
 */
final class Permissions implements ActionFilter {
  private final Function<String, String> user;
  private final Function<String, RoleDescriptor> ownRole;

  /**
   * @param user returns a header of the request, null if there is none.
   * @param ownRole returns a role that was put, null if there is none.
   */
  Permissions(Function<String, String> user, Function<String, RoleDescriptor> ownRole) {
    this.user = user;
    this.ownRole = ownRole;
    // Its constructor fills the list of built-in roles.
    new ReservedRolesStore();
  }

  @Override
  public int order() {
    return Integer.MIN_VALUE;
  }

  @Override
  public <Q extends ActionRequest, R extends ActionResponse> void apply(
      Task task, String action, Q request, ActionListener<R> listener, ActionFilterChain<Q, R> chain) {
    String name = user.apply(Front.USER_HEADER);
    // Without a user it is the node's own. A shard's part of an action was compared with the action.
    if (name == null || action.endsWith("]") || allows(name, action, request)) {
      chain.proceed(task, action, request, listener);
      return;
    }
    listener.onFailure(
        new ElasticsearchSecurityException(
            "action [{}] is unauthorized for user [{}] with roles {}",
            RestStatus.FORBIDDEN, action, name, Users.ofNode.roles(name)));
  }

  private boolean allows(String name, String action, ActionRequest request) {
    List<RoleDescriptor> roles =
        Users.ofNode.roles(name).stream()
            .map(role -> ReservedRolesStore.isReserved(role)
                ? ReservedRolesStore.roleDescriptor(role)
                : ownRole.apply(role))
            .filter(role -> role != null)
            .toList();
    return roles.stream().anyMatch(role -> cluster(role).check(action, request, null))
        || action.startsWith("indices:")
            && indices(request).stream()
                .allMatch(index -> roles.stream().anyMatch(role -> allows(role, action, index)));
  }

  private static ClusterPermission cluster(RoleDescriptor role) {
    ClusterPermission.Builder builder = ClusterPermission.builder();
    for (String privilege : role.getClusterPrivileges()) {
      builder = ClusterPrivilegeResolver.resolve(privilege).buildPermission(builder);
    }
    return builder.build();
  }

  private static boolean allows(RoleDescriptor role, String action, String index) {
    return Arrays.stream(role.getIndicesPrivileges())
        .anyMatch(indices ->
            StringMatcher.of(indices.getIndices()).test(index)
                && IndexPrivilege.resolveBySelectorAccess(Set.of(indices.getPrivileges())).stream()
                    .anyMatch(privilege -> privilege.predicate().test(action)));
  }

  /** Returns the index names of a request; a request for all indices has `*`, which only a role for all indices allows. */
  private static List<String> indices(ActionRequest request) {
    if (request instanceof BulkRequest bulk) {
      return bulk.requests().stream().map(item -> item.index()).distinct().toList();
    }
    String[] named = request instanceof IndicesRequest some ? some.indices() : null;
    if (named == null || named.length == 0 || named[0].equals("_all")) return List.of("*");
    return List.of(named);
  }
}
