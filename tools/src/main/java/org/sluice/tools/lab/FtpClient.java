package org.sluice.tools.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Downloads one file by FTP, in active or passive mode. Used by one thread. */
final class FtpClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 1200;

  private final Socket control = new Socket();
  private final BufferedReader in;

  FtpClient(InetAddress server, int port) throws IOException {
    control.setSoTimeout(TIMEOUT_MS);
    control.connect(new InetSocketAddress(server, port), TIMEOUT_MS);
    in =
        new BufferedReader(
            new InputStreamReader(control.getInputStream(), StandardCharsets.US_ASCII));
    expect("220");
    ask("USER lab", "331");
    ask("PASS lab", "230");
  }

  /** The file's content, over a data channel that the server opens. */
  String fetchActive() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, control.getLocalAddress())) {
      listener.setSoTimeout(TIMEOUT_MS);
      InetSocketAddress here =
          new InetSocketAddress(control.getLocalAddress(), listener.getLocalPort());
      ask("PORT " + FtpAddress.format(here), "200");
      ask("RETR file", "150");
      try (Socket data = listener.accept()) {
        return readAll(data);
      }
    }
  }

  /** The file's content, over a data channel that this side opens. */
  String fetchPassive() throws IOException {
    InetSocketAddress there = FtpAddress.parse(ask("PASV", "227"));
    if (there == null) {
      throw new IOException("the server's reply to PASV has no address");
    }
    send("RETR file");
    try (Socket data = new Socket()) {
      data.connect(there, TIMEOUT_MS);
      expect("150");
      return readAll(data);
    }
  }

  private static String readAll(Socket data) throws IOException {
    data.setSoTimeout(TIMEOUT_MS);
    return new String(data.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  private String ask(String command, String code) throws IOException {
    send(command);
    return expect(code);
  }

  private void send(String command) throws IOException {
    control.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private String expect(String code) throws IOException {
    String line = in.readLine();
    if (line == null || !line.startsWith(code)) {
      throw new IOException("expected " + code + " but the server said " + line);
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    control.close();
  }
}
