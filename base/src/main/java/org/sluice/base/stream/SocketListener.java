package org.sluice.base.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;

/** A listening Unix or TCP socket, with TLS or without. */
final class SocketListener implements StreamListener {
  /** Unix peers have no address: they are numbered across the process. */
  private static final AtomicInteger NEXT_UNIX = new AtomicInteger();

  private final StreamAddress address;
  private final ServerSocketChannel channel;
  private final Tls tls;

  SocketListener(StreamAddress address, ServerSocketChannel channel, Tls tls) {
    this.address = address;
    this.channel = channel;
    this.tls = tls;
    if (tls != null) {
      tls.rehearse();
    }
  }

  static String nextUnixName() {
    return "unix#" + NEXT_UNIX.getAndIncrement();
  }

  @Override
  public Stream accept() throws IOException {
    SocketChannel peer = channel.accept();
    if (!(peer.getRemoteAddress() instanceof InetSocketAddress remote)) {
      return new ChannelStream(nextUnixName(), peer);
    }
    peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
    String name = new HostPort(host(remote.getAddress()), remote.getPort()).toString();
    return tls == null ? new ChannelStream("tcp:" + name, peer) : tls.server("ssl:" + name, peer);
  }

  private static String host(InetAddress address) {
    String text = address.getHostAddress();
    return text.equals("0:0:0:0:0:0:0:1") ? "::1" : text;
  }

  @Override
  public int port() {
    try {
      return channel.getLocalAddress() instanceof InetSocketAddress local ? local.getPort() : -1;
    } catch (IOException _) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (address instanceof StreamAddress.Unix unix) {
      Files.deleteIfExists(unix.path());
    }
  }
}
