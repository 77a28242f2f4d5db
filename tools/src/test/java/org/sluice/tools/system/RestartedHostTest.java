package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A host that has lost its connections, as after a power cut, and opens one anew from the same
 * port. Linux's own TCP challenges it and resets, through a {@link Firewall}.
 */
@Timeout(120)
class RestartedHostTest {
  private static final String ECHO =
      """
      import socket
      listener = socket.create_server(('10.78.0.2', 80))
      kept = []
      while True:
          peer, _ = listener.accept()
          kept.append(peer)
          peer.sendall(peer.recv(100))
      """;

  /** Says something; forgets the connection without a word (TCP_REPAIR, 19); says more. */
  private static final String FORGETFUL =
      """
      import socket
      def say(text):
          end = socket.socket()
          end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
          end.settimeout(20)
          end.bind(('10.78.0.1', 40000))
          end.connect(('10.78.0.2', 80))
          end.sendall(text)
          print(end.recv(100).decode())
          end.setsockopt(socket.IPPROTO_TCP, 19, 1)
          end.close()
      say(b'before')
      say(b'after')
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "nat(src=10.78.0.240)"})
  void shouldReachTheServerAgain(String how) throws Exception {
    Tools.assumeInstalled("python3", "ss");
    Firewall firewall = Firewall.start(directory);
    try {
      firewall.open("tcp,tp_dst=80", how);
      firewall.serve("python3", "-c", ECHO);
      firewall.awaitPort("-tl", 80);
      Path program = Files.writeString(directory.resolve("forgetful.py"), FORGETFUL);
      Tools.Result said = firewall.hosts().on(Firewall.CLIENT, "python3", program.toString());
      assertEquals("before\nafter\n", said.output());
    } finally {
      firewall.close();
    }
  }
}
