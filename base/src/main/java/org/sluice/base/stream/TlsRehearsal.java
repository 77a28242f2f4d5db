package org.sluice.base.stream;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * A handshake of a server with itself, in memory. The first handshake of a JVM loads hundreds of
 * classes and computes before anything is compiled, which takes up to a second; and Open vSwitch's
 * tools give up when connecting takes longer than that. So a server has one behind it when the
 * first peer comes. Stateless.
 */
final class TlsRehearsal {
  /** A handshake takes about ten. */
  private static final int MAX_STEPS = 1000;

  private TlsRehearsal() {}

  /** Returns when both sides are content, with the keys that peers will be shown. */
  static void run(SSLContext keys) throws SSLException, GeneralSecurityException {
    SSLEngine server = keys.createSSLEngine();
    server.setUseClientMode(false);
    SSLContext anyone = SSLContext.getInstance("TLS");
    anyone.init(null, new TrustManager[] {new TrustAnyone()}, null);
    SSLEngine client = anyone.createSSLEngine();
    client.setUseClientMode(true);
    ByteBuffer toServer = ByteBuffer.allocate(2 * client.getSession().getPacketBufferSize());
    ByteBuffer toClient = ByteBuffer.allocate(toServer.capacity());
    client.beginHandshake();
    server.beginHandshake();
    for (int i = 0; i < MAX_STEPS && (isShaking(client) || isShaking(server)); i++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
    }
    if (isShaking(client) || isShaking(server)) {
      throw new SSLException("handshake does not come to an end");
    }
  }

  private static boolean isShaking(SSLEngine engine) {
    return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> engine.getDelegatedTask().run();
      case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        in.flip();
        engine.unwrap(in, ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()));
        in.compact();
      }
      case FINISHED, NOT_HANDSHAKING -> {}
    }
  }
}
