package org.sluice.base.stream;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses among the JDK's cipher suites by OpenSSL's lists: names with {@code !}, {@code -} or
 * {@code +} in front, and the words {@code DEFAULT}, {@code ALL}, {@code HIGH} for everything.
 * Stateless.
 */
final class TlsCiphers {
  private TlsCiphers() {}

  /**
   * The suites to enable of those that are {@code supported}; what the lists do not know is passed
   * over, as OpenSSL does.
   */
  static String[] choose(String[] supported, String ciphers, String ciphersuites) {
    List<String> old = new ArrayList<>();
    List<String> tls13 = new ArrayList<>();
    for (String suite : supported) {
      if (suite.contains("_WITH_")) {
        old.add(suite);
      } else if (suite.startsWith("TLS_AES") || suite.startsWith("TLS_CHACHA")) {
        tls13.add(suite);
      }
    }
    Set<String> chosen = new LinkedHashSet<>(tls13(tls13, ciphersuites));
    chosen.addAll(tls12(old, ciphers));
    return chosen.toArray(String[]::new);
  }

  private static List<String> tls13(List<String> suites, String list) {
    if (list == null || list.isBlank()) {
      return suites;
    }
    List<String> chosen = new ArrayList<>();
    for (String word : list.split("[:, ]+", -1)) {
      if (suites.contains(word)) {
        chosen.add(word);
      }
    }
    return chosen;
  }

  private static Set<String> tls12(List<String> suites, String list) {
    if (list == null || list.isBlank()) {
      return new LinkedHashSet<>(suites);
    }
    Set<String> chosen = new LinkedHashSet<>();
    for (String word : list.split("[:, ]+", -1)) {
      apply(word, suites, chosen);
    }
    return chosen;
  }

  private static void apply(String word, List<String> suites, Set<String> chosen) {
    if (word.isEmpty() || word.startsWith("@")) {
      return; // A security level: the JDK has its own rules for what is too weak.
    }
    char sign = word.charAt(0);
    boolean signed = sign == '!' || sign == '-' || sign == '+';
    String name = signed ? word.substring(1) : word;
    for (String suite : suites) {
      if (matches(suite, name)) {
        if (sign == '!' || sign == '-') {
          chosen.remove(suite);
        } else if (sign != '+') {
          chosen.add(suite);
        }
      }
    }
  }

  private static boolean matches(String suite, String name) {
    return switch (name) {
      case "DEFAULT", "ALL", "HIGH", "COMPLEMENTOFDEFAULT" -> true;
      case "aRSA" -> suite.contains("RSA_WITH");
      case "aECDSA", "ECDSA" -> suite.contains("_ECDSA_");
      case "kECDHE", "ECDHE", "EECDH", "kEECDH" -> suite.contains("_ECDHE_");
      case "kDHE", "DHE", "EDH" -> suite.contains("_DHE_");
      case "AESGCM" -> suite.contains("_GCM_");
      case "AES" -> suite.contains("_AES_");
      case "AES128" -> suite.contains("_AES_128_");
      case "AES256" -> suite.contains("_AES_256_");
      case "CHACHA20" -> suite.contains("_CHACHA20_");
      case "SHA", "SHA1" -> suite.endsWith("_SHA");
      default -> openSslName(suite).equals(name) || suite.equals(name);
    };
  }

  /** OpenSSL's name of a suite of TLS 1.2, such as {@code ECDHE-RSA-AES128-GCM-SHA256}. */
  static String openSslName(String suite) {
    String name =
        suite
            .replaceFirst("^TLS_", "")
            .replaceFirst("^RSA_WITH_", "")
            .replace("_WITH_", "_")
            .replace("AES_", "AES")
            .replace("_CBC", "")
            .replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305");
    return name.replace('_', '-');
  }
}
