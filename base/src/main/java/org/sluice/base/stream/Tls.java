package org.sluice.base.stream;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.sluice.base.linux.FileErrors;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;

/**
 * TLS as set up by {@link TlsSettings}. The files are read when a connection needs them, and again
 * after they have changed, so that new keys need no restart. Thread-safe.
 */
public final class Tls {
  private static final char[] NO_PASSWORD = {};

  /** How long a peer may take to shake hands, however often it says something. */
  private static final int HANDSHAKE_MS = 10_000;

  private static final int COMPLAINTS_PER_MINUTE = 10;
  private static final int COMPLAINTS_AT_ONCE = 25;

  private final Vlog log;
  private final int handshakeMs;
  private final VlogRateLimit complaints =
      new VlogRateLimit(COMPLAINTS_PER_MINUTE, COMPLAINTS_AT_ONCE);
  private Supplier<TlsSettings> source = () -> null;
  private TlsSettings settings = TlsSettings.NONE;
  private SSLContext context;
  private TlsProtocols protocols = TlsProtocols.ALL;
  private List<FileTime> loaded = List.of();

  /** Whether peers are awaited, and so worth preparing for, once. */
  private volatile boolean serves;

  private final AtomicBoolean rehearsed = new AtomicBoolean();

  /** Without settings yet. */
  public Tls(Vlog log) {
    this(log, HANDSHAKE_MS);
  }

  /** The same with another limit for peers that do not come to an end with shaking hands. */
  Tls(Vlog log, int handshakeMs) {
    this.log = log;
    this.handshakeMs = handshakeMs;
  }

  /** Has the settings asked for anew for each connection; what is null changes nothing. */
  public synchronized void follow(Supplier<TlsSettings> newSource) {
    source = newSource;
  }

  /** Asked without the lock: the answer may take a while. */
  private void refresh() {
    Supplier<TlsSettings> asked;
    synchronized (this) {
      asked = source;
    }
    TlsSettings answer = asked.get();
    if (answer != null) {
      configure(answer);
    }
  }

  /** What is set up. */
  public synchronized TlsSettings settings() {
    return settings;
  }

  /** Sets up anew, for connections from now on. */
  public synchronized void configure(TlsSettings newSettings) {
    if (settings.equals(newSettings)) {
      return;
    }
    String before = settings.protocols();
    settings = newSettings;
    context = null;
    if (newSettings.protocols() != null && !newSettings.protocols().equals(before)) {
      protocols = TlsProtocols.parse(newSettings.protocols(), log);
    }
    if (serves) {
      rehearse();
    }
  }

  /** Connects and shakes hands; without keys nothing is connected to. */
  Stream client(String name, HostPort target) throws IOException {
    refresh();
    SSLContext keys = context();
    SocketChannel channel = Sockets.connect(target);
    try {
      SSLSocket socket =
          (SSLSocket)
              keys.getSocketFactory()
                  .createSocket(channel.socket(), target.host(), target.port(), true);
      socket.setUseClientMode(true);
      prepare(socket);
      ask(socket, target.host());
      Stream stream = new TlsStream(name, channel, socket, this);
      stream.handshake();
      return stream;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Prepares for the first peer, in the background, as soon as there are keys. What is wrong with
   * them is said when somebody comes.
   */
  void rehearse() {
    serves = true;
    Thread.ofVirtual()
        .name("tls-rehearsal")
        .start(() -> {
          refresh();
          try {
            if (hasFiles() && rehearsed.compareAndSet(false, true)) {
              TlsRehearsal.run(context());
            }
          } catch (IOException | GeneralSecurityException e) {
            log.dbg("handshake with itself: %s", e.getMessage());
          }
        });
  }

  private boolean hasFiles() {
    TlsSettings now = settings();
    return isReadable(now.privateKey())
        && isReadable(now.certificate())
        && isReadable(now.caCertificate());
  }

  private static boolean isReadable(Path path) {
    return path != null && Files.isReadable(path);
  }

  Stream server(String name, SocketChannel channel) throws IOException {
    refresh();
    try {
      SSLSocket socket =
          (SSLSocket)
              context()
                  .getSocketFactory()
                  .createSocket(channel.socket(), null, channel.socket().getPort(), true);
      socket.setUseClientMode(false);
      socket.setNeedClientAuth(checksPeers());
      prepare(socket);
      return new TlsStream(name, channel, socket, this);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private synchronized void prepare(SSLSocket socket) {
    socket.setEnabledProtocols(protocols.names());
    socket.setEnabledCipherSuites(
        TlsCiphers.choose(
            socket.getEnabledCipherSuites(), settings.ciphers(), settings.ciphersuites()));
  }

  /** Names the server that is looked for: as told, or else the host's name; an address is none. */
  private void ask(SSLSocket socket, String host) {
    String told = settings().serverName();
    String name = told == null ? host : told;
    boolean named = told != null || !HostPort.isAddress(host);
    SSLParameters parameters = socket.getSSLParameters();
    try {
      parameters.setServerNames(named ? List.of(new SNIHostName(name)) : List.of());
    } catch (IllegalArgumentException e) {
      log.err("%s: failed to set server name indication (%s)", name, e.getMessage());
    }
    socket.setSSLParameters(parameters);
  }

  Vlog log() {
    return log;
  }

  int handshakeMs() {
    return handshakeMs;
  }

  /** Says what is wrong with a peer, unless that has been said too often of late. */
  void complain(LogLevel level, String text, Object... arguments) {
    log.log(complaints, level, text, arguments);
  }

  private synchronized boolean checksPeers() {
    return settings.caCertificate() != null && !isNone(settings.caCertificate());
  }

  private static boolean isNone(Path path) {
    return path.toString().equals("none") || path.endsWith("none");
  }

  /** Whether the certificates to trust are still to be learnt from the first peer. */
  synchronized boolean isBootstrapping() {
    return settings.bootstrap() && checksPeers() && !Files.exists(settings.caCertificate());
  }

  /** Learns whom to trust from the chain of the first peer; always ends that connection. */
  synchronized IOException learn(Certificate[] chain) {
    X509Certificate last = chain.length == 0 ? null : (X509Certificate) chain[chain.length - 1];
    if (last == null) {
      return refused("could not bootstrap CA cert: no certificate presented by peer");
    }
    if (!last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
      return refused(
          "could not bootstrap CA cert: obtained certificate is not self-signed (subject "
              + last.getSubjectX500Principal()
              + ")");
    }
    try {
      Files.writeString(settings.caCertificate(), PemFiles.text(last));
    } catch (IOException | GeneralSecurityException e) {
      return refused(
          "could not bootstrap CA cert: creating %s failed: %s"
              .formatted(settings.caCertificate(), e.getMessage()));
    }
    log.info("successfully bootstrapped CA cert to %s", settings.caCertificate());
    log.info("killing successful connection to retry using CA cert");
    return new IOException("Protocol error");
  }

  private IOException refused(String text) {
    log.err("%s", text);
    return new IOException("Protocol error");
  }

  private synchronized SSLContext context() throws IOException {
    List<FileTime> now = times();
    if (context == null || !now.equals(loaded)) {
      context = load();
      loaded = now;
    }
    return context;
  }

  private List<FileTime> times() {
    List<FileTime> times = new ArrayList<>();
    for (Path path :
        new Path[] {
          settings.privateKey(),
          settings.certificate(),
          settings.caCertificate(),
          settings.peerCaCertificate()
        }) {
      times.add(time(path));
    }
    return times;
  }

  private static FileTime time(Path path) {
    try {
      return path == null ? FileTime.fromMillis(0) : Files.getLastModifiedTime(path);
    } catch (IOException _) {
      return FileTime.fromMillis(-1);
    }
  }

  private SSLContext load() throws IOException {
    requireFiles();
    try {
      SSLContext fresh = SSLContext.getInstance("TLS");
      fresh.init(keys().getKeyManagers(), trust(), null);
      return fresh;
    } catch (GeneralSecurityException e) {
      log.err("%s", e.getMessage());
      throw new IOException("Protocol error", e);
    } catch (FileSystemException e) {
      throw unavailable(e.getFile() + ": " + FileErrors.reason(e), e);
    } catch (IOException e) {
      throw unavailable(e.getMessage(), e);
    }
  }

  /** A file does not have what it should. */
  private IOException unavailable(String why, IOException cause) {
    complain(LogLevel.ERR, "%s", why);
    return new IOException("Protocol not available", cause);
  }

  private void requireFiles() throws IOException {
    List<String> missing = new ArrayList<>();
    addIfNull(missing, "Private key", settings.privateKey());
    addIfNull(missing, "Certificate", settings.certificate());
    addIfNull(missing, "CA certificate", settings.caCertificate());
    for (String what : missing) {
      complain(LogLevel.ERR, "%s must be configured to use SSL", what);
    }
    if (!missing.isEmpty()) {
      throw new IOException("Protocol not available");
    }
  }

  private static void addIfNull(List<String> missing, String what, Path file) {
    if (file == null) {
      missing.add(what);
    }
  }

  private KeyManagerFactory keys() throws GeneralSecurityException, IOException {
    List<X509Certificate> chain = new ArrayList<>(PemFiles.certificates(settings.certificate()));
    if (settings.peerCaCertificate() != null && Files.exists(settings.peerCaCertificate())) {
      for (X509Certificate extra : PemFiles.certificates(settings.peerCaCertificate())) {
        if (!chain.contains(extra)) {
          chain.add(extra);
        }
      }
    }
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "own",
        PemFiles.privateKey(settings.privateKey()),
        NO_PASSWORD,
        chain.toArray(Certificate[]::new));
    KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(store, NO_PASSWORD);
    return factory;
  }

  private TrustManager[] trust() throws GeneralSecurityException, IOException {
    if (!checksPeers()) {
      log.warn("Peer certificate validation disabled (this is a security risk)");
      return new TrustManager[] {new TrustAnyone()};
    }
    if (isBootstrapping()) {
      return new TrustManager[] {new TrustAnyone()};
    }
    KeyStore store = emptyStore();
    int i = 0;
    for (X509Certificate trusted : PemFiles.certificates(settings.caCertificate())) {
      store.setCertificateEntry("ca" + i++, trusted);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
