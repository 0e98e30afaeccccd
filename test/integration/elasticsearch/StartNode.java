import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Starts a node with the settings file of a folder: the server's own start without its entitlement
 * agent, which is not published. Usage: StartNode HOME CONFIG [check]; "check" ends once every
 * setting and file was read.
 */
public final class StartNode {
  public static void main(String[] args) throws Exception {
    LogConfigurator.configureESLogging();
    Settings home = Settings.builder().put("path.home", args[0]).build();
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            home, Map.of(), Path.of(args[1]), () -> "unnamed");
    LogConfigurator.configureWithoutConfig(environment.settings());
    PluginsLoader plugins =
        PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir(), false), Set.of(), Map.of(), false);
    Node node = new Node(environment, plugins);
    if (args.length > 2) {
      System.out.println("settings accepted");
      System.exit(0);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
    node.start();
    System.out.println("node started");
    new CountDownLatch(1).await();
  }

  private static void close(Node node) {
    try {
      node.prepareForClose();
      node.close();
    } catch (Exception error) {
      error.printStackTrace();
    }
  }
}
