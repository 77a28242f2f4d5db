package org.sluice.base.log;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Syslog;
import org.sluice.base.linux.UnixDatagrams;

/** One way to reach a syslog daemon. Implementations are called under the registry's lock. */
interface Syslogger {
  /** RFC 5426, section 3.2: what every receiver of datagrams over IPv6 takes, and then some. */
  int MAX_DATAGRAM_BYTES = 8192;

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
      return udp(method.substring("udp:".length()));
    }
    if (method.startsWith("unix:")) {
      return unix(method.substring("unix:".length()));
    }
    throw new IllegalArgumentException("unsupported syslog method '" + method + "'");
  }

  private static Syslogger unix(String path) {
    try {
      UnixDatagrams socket = UnixDatagrams.to(path);
      return (priority, line) -> socket.send(datagram(priority, line));
    } catch (LinuxException e) {
      throw new IllegalArgumentException("unix:" + path + ": " + e.errnoText(), e);
    }
  }

  private static Syslogger udp(String target) {
    int colon = target.lastIndexOf(':');
    try {
      String host = colon < 0 ? target : target.substring(0, colon);
      int port = colon < 0 ? 514 : Integer.parseInt(target.substring(colon + 1));
      DatagramSocket socket = new DatagramSocket();
      socket.connect(new InetSocketAddress(host, port));
      return (priority, line) -> sendUdp(socket, datagram(priority, line));
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("udp:" + target + ": bad syslog target", e);
    }
  }

  private static byte[] datagram(int priority, String line) {
    byte[] bytes = ("<" + priority + ">" + line).getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MAX_DATAGRAM_BYTES ? bytes : Arrays.copyOf(bytes, MAX_DATAGRAM_BYTES);
  }

  private static void sendUdp(DatagramSocket socket, byte[] bytes) {
    try {
      socket.send(new DatagramPacket(bytes, bytes.length));
    } catch (IOException e) {
      // Nobody is there to be told: this is the log.
      return;
    }
  }
}
