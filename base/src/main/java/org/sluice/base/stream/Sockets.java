package org.sluice.base.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Connects and binds sockets. */
final class Sockets {
  /** How long a host may take to answer an attempt to connect. */
  private static final int CONNECT_MS = 30_000;

  private static final int BACKLOG = 64;

  private Sockets() {}

  static SocketChannel connect(Path file) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(file));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  static SocketChannel connect(HostPort target) throws IOException {
    InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("No address associated with hostname");
    }
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().connect(address, CONNECT_MS);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      return channel;
    } catch (SocketTimeoutException e) {
      channel.close();
      throw new IOException("Connection timed out", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  static ServerSocketChannel listen(Path path) throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      return channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw new IOException(path + ": binding failed: " + e.getMessage(), e);
    }
  }

  static ServerSocketChannel listen(HostPort place) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      InetSocketAddress local =
          place.host() == null
              ? new InetSocketAddress(place.port())
              : new InetSocketAddress(InetAddress.getByName(place.host()), place.port());
      return channel.bind(local, BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw new IOException(place.listenerText() + ": bind: " + e.getMessage(), e);
    }
  }
}
