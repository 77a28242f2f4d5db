package org.sluice.base.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** A Unix or TCP socket as it is. */
final class ChannelStream implements Stream {
  private final String name;
  private final SocketChannel channel;

  ChannelStream(String name, SocketChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InputStream input() {
    return Channels.newInputStream(channel);
  }

  @Override
  public OutputStream output() {
    return Channels.newOutputStream(channel);
  }

  @Override
  public SocketChannel socket() {
    return channel;
  }

  @Override
  public Stream attentive() throws IOException {
    return AttentiveStream.over(this);
  }

  @Override
  public void mark(int dscp) throws IOException {
    mark(channel, dscp);
  }

  static void mark(SocketChannel channel, int dscp) throws IOException {
    if (channel.getLocalAddress() instanceof InetSocketAddress) {
      channel.setOption(StandardSocketOptions.IP_TOS, dscp << 2);
    }
  }

  @Override
  public int localPort() {
    try {
      return channel.getLocalAddress() instanceof InetSocketAddress local ? local.getPort() : -1;
    } catch (IOException _) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
