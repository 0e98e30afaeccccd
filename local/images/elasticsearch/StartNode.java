import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.KeyStoreWrapper;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Starts a node with the settings file and the keystore of a folder: the server's own start without its entitlement
 * agent, which is not published. Usage: StartNode HOME CONFIG [check | behind-front]. "check" ends after every setting
 * and file was read; "behind-front" starts {@link Front} on the node's HTTP port and the node's own on loopback.
 */
public final class StartNode {
  /** Port on loopback of a node behind its front. */
  private static final int HIDDEN_PORT = Integer.getInteger("front.node.port", 9201);

  /**
   * The disk is that of a developer's computer, with other files on it. Percentages of it, the server's default, would
   * stop a node that needs a few megabytes.
   */
  private static final Map<String, String> SMALL =
      Map.of(
          "cluster.routing.allocation.disk.watermark.low", "1gb",
          "cluster.routing.allocation.disk.watermark.high", "500mb",
          "cluster.routing.allocation.disk.watermark.flood_stage", "250mb");

  public static void main(String[] args) throws Exception {
    LogConfigurator.configureESLogging();
    Path config = Path.of(args[1]);
    String mode = args.length > 2 ? args[2] : "";
    boolean behindFront = mode.equals("behind-front");
    Environment environment = prepare(args[0], config, SMALL);
    Settings asked = environment.settings();
    if (behindFront) {
      Map<String, String> hidden = new HashMap<>(SMALL);
      hidden.put("http.host", "127.0.0.1");
      hidden.put("http.port", String.valueOf(HIDDEN_PORT));
      environment = prepare(args[0], config, hidden);
    }
    LogConfigurator.configureWithoutConfig(environment.settings());
    PluginsLoader plugins =
        PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir(), false), Set.of(), Map.of(), false);
    Node node = new Node(environment, plugins);
    if (mode.equals("check")) {
      System.out.println("settings accepted");
      System.exit(0);
    }
    Front front = behindFront ? new Front(config, asked, environment.dataDirs()[0], HIDDEN_PORT) : null;
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, front)));
    node.start();
    if (front != null) front.start();
    System.out.println("node started");
    new CountDownLatch(1).await();
  }

  private static Environment prepare(String home, Path config, Map<String, String> overrides)
      throws Exception {
    Settings.Builder settings = Settings.builder().put("path.home", home);
    KeyStoreWrapper keystore = KeyStoreWrapper.load(config);
    if (keystore != null) {
      keystore.decrypt(new char[0]);
      settings.setSecureSettings(keystore);
    }
    return InternalSettingsPreparer.prepareEnvironment(
        settings.build(), overrides, config, () -> "unnamed");
  }

  private static void close(Node node, Front front) {
    try {
      if (front != null) front.stop();
      node.prepareForClose();
      node.close();
    } catch (Exception error) {
      error.printStackTrace();
    }
  }
}
