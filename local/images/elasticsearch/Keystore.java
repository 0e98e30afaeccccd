import java.nio.file.Path;
import org.elasticsearch.common.settings.KeyStoreWrapper;

/**
 * Writes a node's keystore with the server's own class. Usage: Keystore CONFIG create | add --stdin SETTING, the two
 * commands of elasticsearch-keystore, which is not published, that this project uses.
 */
public final class Keystore {
  public static void main(String[] args) throws Exception {
    Path config = Path.of(args[0]);
    if (args.length == 2 && args[1].equals("create")) {
      KeyStoreWrapper.create().save(config, new char[0]);
    } else if (args.length == 4 && args[1].equals("add") && args[2].equals("--stdin")) {
      KeyStoreWrapper keystore = KeyStoreWrapper.load(config);
      if (keystore == null) fail("expected a keystore in " + config + ", got none; create it first");
      keystore.decrypt(new char[0]);
      String value = new String(System.in.readAllBytes()).strip();
      keystore.setString(args[3], value.toCharArray());
      keystore.save(config, new char[0]);
    } else {
      fail("expected create or add --stdin SETTING, got " + String.join(" ", args));
    }
  }

  private static void fail(String message) {
    System.err.println(message);
    System.exit(64);
  }
}
