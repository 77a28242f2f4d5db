package org.sluice.tools.lab;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.sluice.base.clock.Clock;

/**
 * The three hosts and the services that the server offers. Made, used and closed by the lab's
 * thread.
 */
final class Network implements AutoCloseable {
  static final String CLIENT = "client";
  static final String SERVER = "server";
  static final String ATTACKER = "attacker";

  /**
   * The hosts' names; host {@code i} is on OpenFlow port {@code i + 1} and has address 10.77.0.(i +
   * 1).
   */
  static final List<String> NAMES = List.of(CLIENT, SERVER, ATTACKER);

  /** The page that the client fetches. */
  static final String PAGE = "<p>Hello from behind the sluice.</p>\n";

  private static final long SETUP_MS = 5000;

  private final Host client;
  private final Host server;
  private final Host attacker;
  private HttpServer http;
  private FtpServer ftp;

  Network(Clock clock) throws IOException, InterruptedException {
    client = Host.create(CLIENT, 1, clock);
    server = Host.create(SERVER, 2, clock);
    attacker = Host.create(ATTACKER, 3, clock);
    http = server.run("http server", SETUP_MS, this::startHttp);
    ftp = server.run("ftp server", SETUP_MS, this::openFtp);
    server.launch("ftp sessions", ftp::serve);
  }

  private HttpServer startHttp() throws IOException {
    HttpServer service =
        HttpServer.create(new InetSocketAddress(server.address(), Marks.HTTP_PORT), 0);
    byte[] page = PAGE.getBytes(StandardCharsets.US_ASCII);
    service.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, page.length);
          try (var body = exchange.getResponseBody()) {
            body.write(page);
          }
        });
    service.start();
    return service;
  }

  private FtpServer openFtp() throws IOException {
    return new FtpServer(InetAddress.getByName(server.address()), Marks.FTP_PORT);
  }

  /** Removes hosts that a run which was killed has left behind. */
  static void removeLeftovers() throws IOException {
    for (String name : NAMES) {
      Host.remove(name);
    }
  }

  Host client() {
    return client;
  }

  Host server() {
    return server;
  }

  Host attacker() {
    return attacker;
  }

  List<Host> hosts() {
    return List.of(client, server, attacker);
  }

  @Override
  public void close() throws IOException {
    if (http != null) {
      http.stop(0);
      http = null;
    }
    if (ftp != null) {
      ftp.close();
      ftp = null;
    }
    for (Host host : hosts()) {
      host.close();
    }
  }
}
