package org.sluice.ovsdb.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.sluice.base.stream.StreamAddress;

/**
 * The same crowds at a listening socket that the server was handed: each client has two threads.
 */
class DescriptorCrowdTest extends CrowdTest {
  private ServerSocketChannel listening;

  @Override
  Path entrance(TestServer of) throws IOException {
    Path path = of.socket().resolveSibling("handed.sock");
    Set<String> before = sockets();
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(path), 100);
    Set<String> made = sockets();
    made.removeAll(before);
    for (String fd : made) {
      if (listens(fd)) {
        of.server().addRemote("pfd:" + fd);
        return path;
      }
    }
    throw new IOException("no descriptor listens at " + path);
  }

  private static boolean listens(String fd) {
    try {
      StreamAddress.parse("pfd:" + fd, Path.of(""), 0).listen(null);
      return true;
    } catch (IOException _) {
      return false; // something else's, which was opened at the same time
    }
  }

  private static Set<String> sockets() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(DescriptorCrowdTest::isSocket)
          .map(each -> each.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException _) {
      return false; // closed meanwhile
    }
  }

  @AfterEach
  void stopListening() throws IOException {
    listening.close();
  }
}
