package org.sluice.ovsdb.storage;

import java.nio.file.Path;
import org.sluice.base.stream.StreamAddress;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/** Where a cluster's members talk to each other: unix:, tcp: or ssl:, with a port. Stateless. */
public final class ClusterAddress {
  private static final int NO_PORT = 0;

  private ClusterAddress() {}

  /** Complains about what is no such address. */
  public static void require(String address) throws OvsdbException {
    if (!StreamAddress.isActive(address)) {
      throw failed(address + ": expected \"tcp\" or \"ssl\" address");
    }
    try {
      if (hasPort(StreamAddress.parse(address, Path.of(""), NO_PORT))) {
        return;
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    throw failed(address + ": syntax error in address");
  }

  private static boolean hasPort(StreamAddress address) {
    return !(address instanceof StreamAddress.Tcp tcp) || tcp.place().port() != NO_PORT;
  }

  private static OvsdbException failed(String text) {
    return OvsdbError.of("ovsdb error", text).thrown();
  }
}
