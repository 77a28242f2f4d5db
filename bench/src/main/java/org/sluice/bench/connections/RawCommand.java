package org.sluice.bench.connections;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A command whose reply is taken from the socket as fast as it comes, and held by nobody.
 * Stateless.
 */
final class RawCommand {
  private static final String REFUSED = "{\"result\":null";

  private RawCommand() {}

  /**
   * Has the switch at {@code socket} carry a command out; how many lines the reply had.
   *
   * @param arguments between commas, each in quotation marks
   */
  static long run(Path socket, String command, String arguments) throws IOException {
    String request = "{\"id\":0,\"method\":\"" + command + "\",\"params\":[" + arguments + "]}";
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
      InputStream reply = Channels.newInputStream(channel);
      String start = new String(reply.readNBytes(REFUSED.length()), StandardCharsets.UTF_8);
      if (start.equals(REFUSED)) {
        throw new IOException(command + " was refused");
      }
      return countLines(reply);
    }
  }

  /** The rest of one JSON object without others in it; lines end in an escaped new line. */
  private static long countLines(InputStream reply) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long lines = 0;
    int last = 0;
    while (last != '}') {
      int length = reply.read(chunk);
      if (length < 0) {
        throw new IOException("the reply broke off");
      }
      for (int i = 0; i < length; i++) {
        lines += last == '\\' && chunk[i] == 'n' ? 1 : 0;
        last = chunk[i];
      }
    }
    return lines;
  }
}
