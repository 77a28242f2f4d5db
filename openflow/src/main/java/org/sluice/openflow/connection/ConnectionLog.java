package org.sluice.openflow.connection;

import java.nio.ByteBuffer;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.print.MessagePrinter;
import org.sluice.openflow.text.Names;

/**
 * Writes every message of a connection to the log, at debug level, in the words of Open vSwitch.
 */
public final class ConnectionLog implements OfStream.Observer {
  private static final MessagePrinter PRINTER = new MessagePrinter(Names.NONE, 1);

  private final String name;
  private final Vlog log;

  /** Has lines begin with {@code name}, such as {@code unix#3}. */
  public ConnectionLog(String name, Vlog log) {
    this.name = name;
    this.log = log;
  }

  @Override
  public void sent(ByteBuffer message) {
    write("sent (Success)", message);
  }

  @Override
  public void received(ByteBuffer message) {
    write("received", message);
  }

  @Override
  public void negotiated(OfVersion version, String own, String peer) {
    log.dbg(
        "%s: negotiated OpenFlow version 0x%02x (we support %s, peer supports %s)",
        name, version.wire(), own, peer);
  }

  private void write(String what, ByteBuffer message) {
    if (log.isEnabled(LogLevel.DBG)) {
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      log.dbg("%s: %s: %s", name, what, PRINTER.print(bytes));
    }
  }
}
