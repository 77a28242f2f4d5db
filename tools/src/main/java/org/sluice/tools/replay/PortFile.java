package org.sluice.tools.replay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A capture and the OpenFlow port that its frames enter by: {@code PORT=FILE}. */
record PortFile(int port, Path file) {
  static final int MAX_PORT = 0xfeff;

  /** Reads the arguments of {@code --in}; each port once. */
  static List<PortFile> parseAll(List<String> texts) throws ReplayException {
    List<PortFile> all = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (String text : texts) {
      PortFile one = parse(text);
      if (!seen.add(one.port)) {
        throw new ReplayException(
            "--in " + text + ": port " + one.port + " has a capture already; merge the two first");
      }
      all.add(one);
    }
    return all;
  }

  private static PortFile parse(String text) throws ReplayException {
    int equals = text.indexOf('=');
    if (equals < 0 || equals == text.length() - 1) {
      throw new ReplayException("--in " + text + ": not PORT=FILE, as in --in 1=client.pcap");
    }
    return new PortFile(
        port("--in " + text, text.substring(0, equals)), Path.of(text.substring(equals + 1)));
  }

  /** The port that {@code text} means; {@code where} begins the line that says what is wrong. */
  static int port(String where, String text) throws ReplayException {
    if (text.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= MAX_PORT) {
        return port;
      }
    }
    throw new ReplayException(where + ": '" + text + "' is not a port number, 1 to " + MAX_PORT);
  }
}
