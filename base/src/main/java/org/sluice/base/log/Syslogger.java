package org.sluice.base.log;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.sluice.base.linux.Syslog;

/** One way to reach a syslog daemon. Implementations are called under the registry's lock. */
interface Syslogger {
  /** Hands over one line; {@code priority} is facility plus severity. Losing it is no error. */
  void log(int priority, String line);

  /** Makes the one that {@code --syslog-method} or {@code OVS_SYSLOG_METHOD} names. */
  static Syslogger of(String method, String program) {
    if (method.equals("null")) {
      return (priority, line) -> {};
    }
    if (method.equals("libc")) {
      return new Syslog(program)::log;
    }
    if (method.startsWith("udp:")) {
      return udp(method.substring(4));
    }
    throw new IllegalArgumentException(
        "unsupported syslog method \"" + method + "\" (use null, libc or udp:IP:PORT)");
  }

  private static Syslogger udp(String target) {
    int colon = target.lastIndexOf(':');
    try {
      String host = colon < 0 ? target : target.substring(0, colon);
      int port = colon < 0 ? 514 : Integer.parseInt(target.substring(colon + 1));
      DatagramSocket socket = new DatagramSocket();
      socket.connect(new InetSocketAddress(host, port));
      return (priority, line) -> sendUdp(socket, priority, line);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("udp:" + target + ": bad syslog target", e);
    }
  }

  private static void sendUdp(DatagramSocket socket, int priority, String line) {
    byte[] bytes = ("<" + priority + ">" + line).getBytes(StandardCharsets.UTF_8);
    try {
      socket.send(new DatagramPacket(bytes, Math.min(bytes.length, 8192)));
    } catch (IOException e) {
      // Nobody is there to be told: this is the log.
      return;
    }
  }
}
