package org.sluice.tools.options;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.sluice.base.stream.TlsSettings;

/**
 * The options about TLS that every program with connections takes. Read once, by the thread that
 * starts the program.
 */
public final class TlsOptions {
  private static final Map<String, String> SHORT =
      Map.of("-p", "--private-key", "-c", "--certificate", "-C", "--ca-cert");

  /** All names, short ones included. */
  public static final Set<String> NAMES =
      Set.of(
          "-p",
          "-c",
          "-C",
          "--private-key",
          "--certificate",
          "--ca-cert",
          "--bootstrap-ca-cert",
          "--peer-ca-cert",
          "--ssl-protocols",
          "--ssl-ciphers",
          "--ssl-ciphersuites",
          "--ssl-server-name");

  /** Their part of the help text. */
  public static final String USAGE =
      """

      PKI configuration (required to use SSL/TLS):
        -p, --private-key=FILE  file with private key
        -c, --certificate=FILE  file with certificate for private key
        -C, --ca-cert=FILE      file with peer CA certificate
        --bootstrap-ca-cert=FILE  file with peer CA certificate to read or create
        --peer-ca-cert=FILE     file with CA certificate to send to peers
      SSL/TLS options:
        --ssl-protocols=PROTOS    list or range of enabled protocols
        --ssl-ciphers=CIPHERS     list of ciphers for TLSv1.2
        --ssl-ciphersuites=SUITES list of ciphers for TLSv1.3
        --ssl-server-name=NAME    server name for TLS Server Name
                                  Indication (SNI)
      """;

  private final Map<String, String> values = new TreeMap<>();

  /** Takes an option with its value; false if it is not about TLS. */
  public boolean accept(String option, Supplier<String> value) {
    if (!NAMES.contains(option)) {
      return false;
    }
    take(SHORT.getOrDefault(option, option), value.get());
    return true;
  }

  /** Adds them all. */
  public void addTo(OptionTable table) {
    SHORT.forEach((letter, name) ->
        table.value(name.substring(2), letter.charAt(1), value -> take(name, value)));
    for (String name : NAMES) {
      if (name.startsWith("--") && !SHORT.containsValue(name)) {
        table.value(name.substring(2), value -> take(name, value));
      }
    }
  }

  private void take(String name, String value) {
    if (name.equals("--ca-cert")) {
      values.remove("--bootstrap-ca-cert");
    }
    values.put(name, value);
  }

  /** Whether anything was said. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /**
   * What was said.
   *
   * @param resolve makes a value of the text of an option; null for none
   */
  public TlsSettings settings(UnaryOperator<String> resolve) {
    boolean learn = values.containsKey("--bootstrap-ca-cert");
    return TlsSettings.NONE
        .withKey(path("--private-key", resolve), path("--certificate", resolve))
        .withCa(path(learn ? "--bootstrap-ca-cert" : "--ca-cert", resolve), learn)
        .withPeerCa(path("--peer-ca-cert", resolve))
        .withCiphers(
            text("--ssl-protocols", resolve),
            text("--ssl-ciphers", resolve),
            text("--ssl-ciphersuites", resolve))
        .withServerName(text("--ssl-server-name", resolve));
  }

  private String text(String option, UnaryOperator<String> resolve) {
    String value = values.get(option);
    return value == null ? null : resolve.apply(value);
  }

  private Path path(String option, UnaryOperator<String> resolve) {
    String text = text(option, resolve);
    return text == null ? null : Path.of(text);
  }
}
