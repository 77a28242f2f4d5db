package org.sluice.tools.lab;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The six numbers that FTP writes an IPv4 address and port with: {@code h1,h2,h3,h4,p1,p2}. */
final class FtpAddress {
  private static final Pattern SIX_NUMBERS =
      Pattern.compile("(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3})");

  private FtpAddress() {}

  /** The address in a command or reply; null where there is none. */
  static InetSocketAddress parse(String line) throws UnknownHostException {
    Matcher matcher = SIX_NUMBERS.matcher(line);
    if (!matcher.find()) {
      return null;
    }
    byte[] address = new byte[4];
    for (int i = 0; i < 4; i++) {
      address[i] = (byte) Integer.parseInt(matcher.group(i + 1));
    }
    int port =
        (Integer.parseInt(matcher.group(5)) & 0xff) << 8
            | (Integer.parseInt(matcher.group(6)) & 0xff);
    return new InetSocketAddress(InetAddress.getByAddress(address), port);
  }

  static String format(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress().replace('.', ',');
    return host + "," + (address.getPort() >> 8) + "," + (address.getPort() & 0xff);
  }
}
