package org.sluice.base.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** A TCP connection with TLS. */
final class TlsStream implements Stream {
  /** How long a peer may take to shake hands. */
  private static final int HANDSHAKE_MS = 10_000;

  /** In the text form of RFC 2253. */
  private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=((?:\\\\.|[^,+\\\\])*)");

  private final String name;
  private final SocketChannel channel;
  private final SSLSocket socket;
  private final Tls tls;
  private volatile String peerId;

  TlsStream(String name, SocketChannel channel, SSLSocket socket, Tls tls) {
    this.name = name;
    this.channel = channel;
    this.socket = socket;
    this.tls = tls;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void handshake() throws IOException {
    boolean client = socket.getUseClientMode();
    boolean learning = tls.isBootstrapping();
    socket.setSoTimeout(HANDSHAKE_MS);
    try {
      socket.startHandshake();
    } catch (SSLException e) {
      tls.log().warn("%s: %s", client ? "SSL_connect" : "SSL_accept", words(e));
      throw new IOException("Protocol error", e);
    }
    socket.setSoTimeout(0);
    Certificate[] chain = peerChain();
    if (learning) {
      throw tls.learn(chain);
    }
    logNamesAskedFor();
    peerId = chain.length == 0 ? null : commonName((X509Certificate) chain[0]);
  }

  /**
   * Open vSwitch's words for a peer that left, and OpenSSL's for an alert: people search for them.
   */
  private static String words(SSLException e) {
    if (e.getCause() instanceof EOFException || e.getCause() instanceof SocketException) {
      return "unexpected SSL/TLS connection close";
    }
    String alert = "Received fatal alert: ";
    String text = String.valueOf(e.getMessage());
    int at = text.indexOf(alert);
    return at < 0
        ? text
        : "received alert "
            + text.substring(at + alert.length()).replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  private void logNamesAskedFor() {
    if (!socket.getUseClientMode() && socket.getSession() instanceof ExtendedSSLSession session) {
      for (SNIServerName asked : session.getRequestedServerNames()) {
        if (asked instanceof SNIHostName host) {
          tls.log().dbg("connection indicated server name %s", host.getAsciiName());
        }
      }
    }
  }

  private Certificate[] peerChain() {
    try {
      return socket.getSession().getPeerCertificates();
    } catch (SSLPeerUnverifiedException _) {
      return new Certificate[0];
    }
  }

  private static String commonName(X509Certificate certificate) {
    Matcher matcher = COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
    return matcher.find() ? matcher.group(1).replaceAll("\\\\(.)", "$1") : null;
  }

  @Override
  public InputStream input() throws IOException {
    return socket.getInputStream();
  }

  @Override
  public OutputStream output() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public String peerId() {
    return peerId;
  }

  @Override
  public void mark(int dscp) throws IOException {
    ChannelStream.mark(channel, dscp);
  }

  @Override
  public int localPort() {
    return socket.getLocalPort();
  }

  /** Breaks the connection without a farewell, which could block behind a peer that is deaf. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
