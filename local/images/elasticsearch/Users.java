import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Users, with hashed passwords and roles, in a file of the node's data folder. Like the security module, it gives user
 * elastic the password of the first start, and the other built-in user none until one is set.
 */
public final class Users {
  private static final Map<String, String> BUILT_IN =
      Map.of("elastic", "superuser", "kibana_system", "kibana_system");
  private static final Base64.Encoder ENCODER = Base64.getEncoder();
  private static final Base64.Decoder DECODER = Base64.getDecoder();

  /** Those of the node in this process, for the plugin, whose class loader is another one. */
  public static volatile Users ofNode;

  private final Path file;
  private final Properties entries = new Properties();
  /** A digest of each successful login, so that the slow hash is computed only once for it. */
  private final Map<String, byte[]> verified = new ConcurrentHashMap<>();

  Users(Path file, String firstPassword) throws IOException, GeneralSecurityException {
    this.file = file;
    if (Files.exists(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        entries.load(in);
      }
    } else {
      Files.createDirectories(file.getParent());
      put("elastic", firstPassword, List.of("superuser"));
    }
  }

  /** Returns the name of the user whose Authorization header it is; null if there is none with this password. */
  String authenticate(String header) throws IOException, GeneralSecurityException {
    if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) return null;
    String login;
    try {
      login = new String(DECODER.decode(header.substring(6).strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
    int colon = login.indexOf(':');
    if (colon < 0) return null;
    String name = login.substring(0, colon);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(login.getBytes(StandardCharsets.UTF_8));
    if (MessageDigest.isEqual(verified.get(name), digest)) return name;
    String[] entry = entries.getProperty(name, "").split(":");
    if (entry.length < 2) return null;
    byte[] hash = hash(login.substring(colon + 1), DECODER.decode(entry[0]));
    if (!MessageDigest.isEqual(hash, DECODER.decode(entry[1]))) return null;
    verified.put(name, digest);
    return name;
  }

  boolean has(String name) {
    return BUILT_IN.containsKey(name) || entries.containsKey(name);
  }

  /** Returns the roles of a user; none if it is unknown. */
  public List<String> roles(String name) {
    if (BUILT_IN.containsKey(name)) return List.of(BUILT_IN.get(name));
    String[] entry = entries.getProperty(name, "").split(":");
    return entry.length < 3 ? List.of() : List.of(entry[2].split(","));
  }

  static boolean isBuiltIn(String name) {
    return BUILT_IN.containsKey(name);
  }

  /** Sets a user's roles, and its password unless that is null. */
  synchronized void put(String name, String password, List<String> roles)
      throws IOException, GeneralSecurityException {
    String[] before = entries.getProperty(name, ":").split(":", -1);
    String login = before[0] + ":" + before[1];
    if (password != null) {
      byte[] salt = new byte[16];
      new SecureRandom().nextBytes(salt);
      login = ENCODER.encodeToString(salt) + ":" + ENCODER.encodeToString(hash(password, salt));
    }
    entries.setProperty(name, login + ":" + String.join(",", roles));
    verified.remove(name);
    Path incomplete = file.resolveSibling(file.getFileName() + ".new");
    try (OutputStream out = Files.newOutputStream(incomplete)) {
      entries.store(out, null);
    }
    Files.move(incomplete, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] hash(String password, byte[] salt) throws GeneralSecurityException {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, 10_000, 256);
    return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
  }
}
