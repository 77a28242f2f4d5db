package org.sluice.tools.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/**
 * The probes between live hosts: what a user does goes through the hosts' own sockets, what an
 * attacker does is put on the wire raw, and an attack counts as passed when its frame is seen at
 * the victim's end.
 */
final class LiveProber implements Prober {
  /** How long an answer may take before it counts as blocked. */
  private static final int ANSWER_MS = 1000;

  private static final int ARRIVAL_MS = 400;
  private static final int TASK_MS = 10_000;
  private static final long GUESSED = 0x1122_3344L;

  private final Host client;
  private final Host server;
  private final Host attacker;
  private int attempts;

  LiveProber(Network network) {
    this.client = network.client();
    this.server = network.server();
    this.attacker = network.attacker();
  }

  /** An open connection of the client's, with the next sequence numbers of both sides. */
  private record Victim(Socket socket, int port, long clientNext, long serverNext)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Override
  public Verdict run(Probe probe) throws IOException, InterruptedException {
    attempts++;
    return Verdict.of(
        switch (probe) {
          case PING -> ping();
          case HTTP -> succeeds("http fetch", this::fetchPage);
          case SERVER_OPENS -> serverOpens();
          case ACK_SCAN_OPEN -> scan(probe, Marks.HTTP_PORT);
          case ACK_SCAN_CLOSED -> scan(probe, Marks.CLOSED_PORT);
          case FORGED_RST -> forgedReset();
          case OUT_OF_WINDOW -> outOfWindow();
          case OVERLAP -> overlap();
          case FTP_ACTIVE -> succeeds("ftp", () -> download(FtpClient::fetchActive));
          case FTP_PASSIVE -> succeeds("ftp", () -> download(FtpClient::fetchPassive));
        });
  }

  private boolean ping() throws IOException, InterruptedException {
    int mark = client.wire().mark();
    client.wire().send(Frame.echoRequest(between(client, server), 0x51, attempts));
    return client.wire().await(mark, c -> !c.outgoing() && c.frame().icmpType() == 0, ANSWER_MS)
        != null;
  }

  /** Runs a whole exchange on the client; a failure of any kind means that it was blocked. */
  private boolean succeeds(String what, Callable<Boolean> exchange) throws InterruptedException {
    try {
      return client.run(what, TASK_MS, exchange);
    } catch (IOException e) {
      return false;
    }
  }

  /** By a connection of its own: one kept from a policy before would not be opened under this. */
  private boolean fetchPage() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.address(), Marks.HTTP_PORT), ANSWER_MS);
      socket.setSoTimeout(ANSWER_MS);
      String request =
          "GET / HTTP/1.1\r\nHost: " + server.address() + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.US_ASCII).endsWith(Network.PAGE);
    }
  }

  private interface Download {
    String from(FtpClient ftp) throws IOException;
  }

  private boolean download(Download how) throws IOException {
    InetAddress address = InetAddress.getByName(server.address());
    try (FtpClient ftp = new FtpClient(address, Marks.FTP_PORT)) {
      return how.from(ftp).equals(FtpServer.CONTENT);
    }
  }

  private boolean serverOpens() throws IOException, InterruptedException {
    int mark = client.wire().mark();
    try (ServerSocket listener = client.run("listen", TASK_MS, this::listenOnClient)) {
      server.launch("connect", () -> connect(listener.getInetAddress()));
      return arrives(client, mark, Probe.SERVER_OPENS);
    }
  }

  private ServerSocket listenOnClient() throws IOException {
    return new ServerSocket(Marks.CLIENT_PORT, 1, InetAddress.getByName(client.address()));
  }

  private static void connect(InetAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, Marks.CLIENT_PORT), ARRIVAL_MS);
    } catch (IOException e) {
      // The firewall did what it should; whether the attempt arrived is seen on the wire.
      return;
    }
  }

  private boolean scan(Probe probe, int port) throws IOException, InterruptedException {
    int mark = server.wire().mark();
    Frame.Segment segment =
        new Frame.Segment(40_000 + attempts, port, GUESSED, GUESSED, Frame.TCP_ACK);
    attacker.wire().send(Frame.tcp(between(attacker, server), segment, new byte[0]));
    return arrives(server, mark, probe);
  }

  private boolean forgedReset() throws IOException, InterruptedException {
    try (Victim victim = openVictim()) {
      int mark = client.wire().mark();
      long sequence = victim.serverNext + Marks.FORGED_OFFSET;
      Frame.Segment segment =
          new Frame.Segment(Marks.HTTP_PORT, victim.port, sequence, 0, Frame.TCP_RST);
      Frame.Ends ends = new Frame.Ends(attacker.mac(), client.mac(), server.ip(), client.ip());
      attacker.wire().send(Frame.tcp(ends, segment, new byte[0]));
      return arrives(client, mark, Probe.FORGED_RST);
    }
  }

  private boolean outOfWindow() throws IOException, InterruptedException {
    try (Victim victim = openVictim()) {
      int mark = client.wire().mark();
      long sequence = victim.serverNext + 2 * Marks.FORGED_OFFSET;
      int flags = Frame.TCP_ACK | Frame.TCP_PSH;
      Frame.Segment segment =
          new Frame.Segment(Marks.HTTP_PORT, victim.port, sequence, victim.clientNext, flags);
      byte[] data = Marks.OUT_OF_WINDOW.getBytes(StandardCharsets.US_ASCII);
      server.wire().send(Frame.tcp(between(server, client), segment, data));
      return arrives(client, mark, Probe.OUT_OF_WINDOW);
    }
  }

  private boolean overlap() throws IOException, InterruptedException {
    try (Victim victim = openVictim()) {
      int mark = server.wire().mark();
      byte[] data = Marks.REPLACED.getBytes(StandardCharsets.US_ASCII);
      int flags = Frame.TCP_ACK | Frame.TCP_PSH;
      long sequence = victim.clientNext - data.length;
      Frame.Segment segment =
          new Frame.Segment(victim.port, Marks.HTTP_PORT, sequence, victim.serverNext, flags);
      client.wire().send(Frame.tcp(between(client, server), segment, data));
      return arrives(server, mark, Probe.OVERLAP);
    }
  }

  /**
   * Opens a connection and sends the beginning of a request on it, so that both sides' numbers are
   * known.
   */
  private Victim openVictim() throws IOException, InterruptedException {
    int mark = server.wire().mark();
    Socket socket = client.run("open a connection", TASK_MS, this::openAndWrite);
    Wire.Crossing data =
        server.wire().await(mark, c -> c.frame().carries(Marks.ORIGINAL), ANSWER_MS);
    if (data == null) {
      socket.close();
      throw new IOException("the connection to attack could not be opened");
    }
    Frame frame = data.frame();
    long next = frame.sequence() + frame.payload().length;
    return new Victim(socket, frame.sourcePort(), next, frame.acknowledgement());
  }

  private Socket openAndWrite() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(server.address(), Marks.HTTP_PORT), ANSWER_MS);
    socket.setTcpNoDelay(true);
    socket.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(Marks.ORIGINAL.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static boolean arrives(Host victim, int mark, Probe probe) throws InterruptedException {
    return victim
            .wire()
            .await(mark, c -> !c.outgoing() && Marks.decides(probe, c.frame()), ARRIVAL_MS)
        != null;
  }

  private static Frame.Ends between(Host from, Host to) {
    return new Frame.Ends(from.mac(), to.mac(), from.ip(), to.ip());
  }
}
