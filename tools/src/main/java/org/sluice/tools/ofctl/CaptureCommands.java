package org.sluice.tools.ofctl;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.sluice.base.linux.FileErrors;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.print.PacketLine;

/** Commands that read OpenFlow messages and packets from files. */
final class CaptureCommands {
  private static final Set<Integer> OPENFLOW_PORTS = Set.of(6653, 6633);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS ").withZone(ZoneOffset.UTC);
  private static final int IPV4 = 0x0800;
  private static final int TCP = 6;
  private static final int MAX_PACKET = 65535;

  private final OfctlOptions options;
  private final Exchange exchange;
  private final PrintStream out;
  private boolean first = true;

  CaptureCommands(OfctlOptions options, Exchange exchange, PrintStream out) {
    this.options = options;
    this.exchange = exchange;
    this.out = out;
  }

  List<OfctlCommand> all() {
    return List.of(
        OfctlCommand.writing("ofp-parse", "file", 1, 1, this::parse),
        OfctlCommand.writing(
            "ofp-parse-pcap", "pcap", 1, OfctlCommand.ANY_NUMBER, this::parseCapture),
        OfctlCommand.writing("parse-pcap", null, 1, OfctlCommand.ANY_NUMBER, this::parsePackets),
        OfctlCommand.reading("parse-packet", null, 0, 0, this::parsePacket));
  }

  private static InputStream open(String file) throws IOException {
    if (file.equals("-")) {
      return System.in;
    }
    try {
      return new FileInputStream(file);
    } catch (FileNotFoundException e) {
      throw new OfctlException(file + ": open (" + FileErrors.reason(e) + ")");
    }
  }

  /** Messages one behind the other. */
  private void parse(List<String> words) throws IOException {
    String file = words.getFirst();
    try (DataInputStream in = new DataInputStream(open(file))) {
      for (byte[] head = in.readNBytes(OfDecoder.HEADER_BYTES);
          head.length > 0;
          head = in.readNBytes(OfDecoder.HEADER_BYTES)) {
        out.print(exchange.print(message(in, head, file), options.numbers(), 2));
      }
    } catch (EOFException e) {
      throw new OfctlException(file + ": unexpected end of file mid-message");
    }
  }

  private static byte[] message(DataInputStream in, byte[] head, String file) throws IOException {
    if (head.length < OfDecoder.HEADER_BYTES) {
      throw new EOFException();
    }
    int length = (head[2] & 0xff) << 8 | (head[3] & 0xff);
    if (length < OfDecoder.HEADER_BYTES) {
      throw new OfctlException(file + ": " + length + "-byte message is too short for OpenFlow");
    }
    byte[] message = Arrays.copyOf(head, length);
    in.readFully(message, OfDecoder.HEADER_BYTES, length - OfDecoder.HEADER_BYTES);
    return message;
  }

  // Captures.

  private static CaptureFile capture(String file) {
    try {
      return new CaptureFile(file, new BufferedInputStream(new FileInputStream(file)));
    } catch (IOException e) {
      throw new OfctlException(file + ": open failed (" + FileErrors.reason(e) + ")");
    }
  }

  private void parseCapture(List<String> words) throws IOException {
    Set<Integer> ports =
        words.size() == 1
            ? OPENFLOW_PORTS
            : words.subList(1, words.size()).stream()
                .map(LooseNumbers::integer)
                .collect(Collectors.toSet());
    TcpStreams streams = new TcpStreams();
    try (CaptureFile file = capture(words.getFirst())) {
      for (CaptureFile.Frame frame = file.next(); frame != null; frame = file.next()) {
        parse(frame, ports, streams);
      }
    }
  }

  private void parse(CaptureFile.Frame frame, Set<Integer> ports, TcpStreams streams) {
    FlowKey key = PacketLine.key(frame.bytes());
    boolean wanted =
        key.get(Field.ETH_TYPE) == IPV4
            && key.get(Field.NW_PROTO) == TCP
            && (ports.contains((int) key.get(Field.TCP_SRC))
                || ports.contains((int) key.get(Field.TCP_DST)));
    if (wanted) {
      for (byte[] message : streams.add(key, frame.bytes())) {
        print(message, key, frame.timeMs());
      }
    }
  }

  private void print(byte[] message, FlowKey key, long timeMs) {
    if (!first) {
      out.println();
    }
    first = false;
    if (options.timestamp()) {
      out.print(TIME.format(Instant.ofEpochMilli(timeMs)));
    }
    out.printf(
        "%s.%d > %s.%d:%n",
        AddressText.ipv4((int) key.get(Field.IP_SRC)),
        key.get(Field.TCP_SRC),
        AddressText.ipv4((int) key.get(Field.IP_DST)),
        key.get(Field.TCP_DST));
    out.print(exchange.print(message, options.numbers(), 1));
  }

  private void parsePackets(List<String> words) throws IOException {
    for (String name : words) {
      try (CaptureFile file = capture(name)) {
        for (CaptureFile.Frame frame = file.next(); frame != null; frame = file.next()) {
          out.println(PacketLine.formatFields(frame.bytes()));
        }
      }
    }
  }

  private void parsePacket(List<String> words) throws IOException {
    out.print(PacketLine.format(System.in.readNBytes(MAX_PACKET), 0));
  }
}
