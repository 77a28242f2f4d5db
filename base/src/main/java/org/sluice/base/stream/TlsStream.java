package org.sluice.base.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
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
import org.sluice.base.log.LogLevel;

/** A TCP connection with TLS. */
final class TlsStream implements Stream {
  /** What the JDK begins its messages with. */
  private static final Pattern ALERT_NAME = Pattern.compile("^\\([a-z_]+\\) ");

  /** In the text form of RFC 2253. */
  private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=((?:\\\\.|[^,+\\\\])*)");

  private final String name;
  private final SocketChannel channel;
  private final SSLSocket socket;
  private final Tls tls;
  private volatile String peerId;
  private boolean shaken;
  private volatile boolean late;
  private volatile boolean closed;

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
    if (shaken) {
      return;
    }
    boolean learning = tls.isBootstrapping();
    Thread limit = Thread.ofVirtual().name("tls-handshake-limit").start(this::endWhenLate);
    try {
      socket.startHandshake();
    } catch (IOException e) {
      String what = socket.getUseClientMode() ? "SSL_connect" : "SSL_accept";
      tls.complain(LogLevel.WARN, "%s: %s", what, late ? name + " takes too long" : words(e));
      throw new IOException("Protocol error", e);
    } finally {
      limit.interrupt();
    }
    shaken = true;
    Certificate[] chain = peerChain();
    if (learning) {
      throw tls.learn(chain);
    }
    logNamesAskedFor();
    peerId = chain.length == 0 ? null : commonName((X509Certificate) chain[0]);
  }

  private void endWhenLate() {
    try {
      Thread.sleep(tls.handshakeMs());
      late = true;
      channel.close();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // in time
    } catch (IOException e) {
      tls.log().dbg("%s: %s", name, e.getMessage());
    }
  }

  /**
   * Open vSwitch's words for a peer that left, and OpenSSL's for an alert and for a certificate
   * that nobody vouches for: people search for them.
   */
  private static String words(IOException e) {
    Throwable cause = e.getCause();
    if (!(e instanceof SSLException)
        || (cause instanceof IOException && !(cause instanceof SSLException))) {
      return "unexpected SSL/TLS connection close";
    }
    if (cause instanceof CertificateException) {
      Throwable reason = cause.getCause() == null ? cause : cause.getCause();
      return "certificate verify failed (" + reason.getMessage() + ")";
    }
    String alert = "Received fatal alert: ";
    String text = String.valueOf(e.getMessage());
    int at = text.indexOf(alert);
    return at < 0
        ? ALERT_NAME.matcher(text).replaceFirst("")
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
    return new Incoming(socket.getInputStream());
  }

  /** With TLS 1.3, a client's first reading is where it learns that it has been refused. */
  private final class Incoming extends FilterInputStream {
    Incoming(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      try {
        return in.read(bytes, offset, count);
      } catch (SSLException e) {
        // Whoever is reading while we hang up is interrupted, which is nobody's fault.
        if (!closed) {
          tls.complain(LogLevel.WARN, "SSL_read: %s", words(e));
        }
        throw new IOException("Protocol error", e);
      }
    }
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
    closed = true;
    channel.close();
  }
}
