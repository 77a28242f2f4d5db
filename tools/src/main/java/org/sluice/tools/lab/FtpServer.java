package org.sluice.tools.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * As much of an FTP server (RFC 959) as one download needs, with the data channel opened by either
 * side.
 *
 * <p>{@link #serve} handles one session after the other on the calling thread; {@link #close} from
 * any thread ends it.
 */
final class FtpServer implements AutoCloseable {
  /** What every file contains. */
  static final String CONTENT = "Sluice follows FTP to its data channel.\r\n";

  private static final int CONNECT_TIMEOUT_MS = 700;
  private static final int SESSION_TIMEOUT_MS = 3000;

  private final ServerSocket control;

  /** Where the next data connection comes from or goes to. */
  private sealed interface Data {
    record Passive(ServerSocket listener) implements Data {}

    record Active(InetSocketAddress client) implements Data {}
  }

  FtpServer(InetAddress address, int port) throws IOException {
    this.control = new ServerSocket(port, 5, address);
  }

  /** Serves until closed. */
  void serve() {
    while (!control.isClosed()) {
      serveOne();
    }
  }

  /** A session that ends badly was cut off by the firewall under test, which the client reports. */
  private boolean serveOne() {
    try (Socket session = control.accept()) {
      session.setSoTimeout(SESSION_TIMEOUT_MS);
      converse(session);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void converse(Socket session) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(session.getInputStream(), StandardCharsets.US_ASCII));
    OutputStream out = session.getOutputStream();
    say(out, "220 ready");
    Data data = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
      switch (verb) {
        case "USER" -> say(out, "331 any password will do");
        case "PASS" -> say(out, "230 welcome");
        case "TYPE" -> say(out, "200 as you like");
        case "PORT" -> data = active(line, out);
        case "PASV" -> data = passive(session, out);
        case "RETR" -> send(data, out);
        case "QUIT" -> {
          say(out, "221 bye");
          return;
        }
        default -> say(out, "502 not here");
      }
    }
  }

  private static Data active(String line, OutputStream out) throws IOException {
    InetSocketAddress client = FtpAddress.parse(line);
    say(out, client == null ? "501 that is no address" : "200 will connect");
    return client == null ? null : new Data.Active(client);
  }

  private static Data passive(Socket session, OutputStream out) throws IOException {
    ServerSocket listener = new ServerSocket(0, 1, session.getLocalAddress());
    listener.setSoTimeout(CONNECT_TIMEOUT_MS);
    InetSocketAddress address =
        new InetSocketAddress(session.getLocalAddress(), listener.getLocalPort());
    say(out, "227 Entering Passive Mode (" + FtpAddress.format(address) + ").");
    return new Data.Passive(listener);
  }

  private static void send(Data data, OutputStream out) throws IOException {
    if (data == null) {
      say(out, "425 use PORT or PASV first");
      return;
    }
    say(out, "150 here it comes");
    try (Socket connection = connect(data)) {
      connection.getOutputStream().write(CONTENT.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      say(out, "425 no data connection: " + e.getMessage());
      return;
    }
    say(out, "226 done");
  }

  private static Socket connect(Data data) throws IOException {
    return switch (data) {
      case Data.Active(InetSocketAddress client) -> {
        Socket socket = new Socket();
        socket.connect(client, CONNECT_TIMEOUT_MS);
        yield socket;
      }
      case Data.Passive(ServerSocket listener) -> {
        try (listener) {
          yield listener.accept();
        }
      }
    };
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    control.close();
  }
}
