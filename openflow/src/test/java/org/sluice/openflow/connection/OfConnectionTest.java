package org.sluice.openflow.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.stream.Stream;
import org.sluice.base.stream.StreamListener;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

class OfConnectionTest {
  @TempDir Path directory;
  private StreamListener listener;
  private Stream peer;
  private OfStream stream;

  @BeforeEach
  void connect() throws IOException {
    listener = OfAddress.parse("punix:br0.mgmt", directory).listen(null);
    peer = OfAddress.parse("unix:br0.mgmt", directory).connect(null);
    stream = new OfStream(listener.accept());
  }

  @AfterEach
  void close() throws IOException {
    stream.close();
    peer.close();
    listener.close();
  }

  private void write(String hex) throws IOException {
    peer.output().write(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @Test
  void shouldFrameMessagesHoweverTheyAreCut() throws IOException {
    write("04 02 00 0c 00 00 00 07 aa bb");
    write("cc dd 04 03 00 08 00 00 00 08");
    OfFrame echo = stream.receive();
    assertEquals(7, echo.xid());
    assertEquals(2, echo.type());
    assertArrayEquals(HexFormat.of().parseHex("0402000c00000007aabbccdd"), echo.bytes());
    assertEquals(8, stream.receive().xid());
    peer.close();
    assertNull(stream.receive());
  }

  /** It looks for more now and then while it hands out what it has. */
  @Test
  void shouldHandOutInOrderWhatComesFasterThanItIsTaken() throws Exception {
    Stream other = OfAddress.parse("unix:br0.mgmt", directory).connect(null);
    int count = 20_000;
    CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendEchoes(other, count));
    try (OfStream attentive = new OfStream(listener.accept().attentive())) {
      for (int i = 0; i < count; i++) {
        OfFrame frame = attentive.receive();
        assertEquals(i, frame.xid());
        assertEquals(echoBytes(i), frame.bytes().length);
      }
      sent.get();
      assertNull(attentive.receive(), "the peer has closed");
    }
  }

  private static int echoBytes(int number) {
    return OfFrame.HEADER_BYTES + number % 1000;
  }

  private static void sendEchoes(Stream to, int count) {
    try (to) {
      for (int i = 0; i < count; i++) {
        ByteBuffer echo = ByteBuffer.allocate(echoBytes(i));
        echo.put((byte) 4).put((byte) 2).putShort((short) echo.capacity()).putInt(i);
        to.output().write(echo.array());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldRefuseALengthShorterThanTheHeader() throws IOException {
    write("04 02 00 07 00 00 00 07");
    assertThrows(OfConnectionException.class, stream::receive);
  }

  @Test
  void shouldRefuseAnEndWithinAMessage() throws IOException {
    write("04 02 00 10 00 00 00 07 01");
    peer.close();
    assertThrows(OfConnectionException.class, stream::receive);
  }

  @Test
  void shouldAgreeOnTheHighestVersionOfBothBitmaps() throws IOException {
    write("06 00 00 10 00 00 00 01  00 01 00 08 00 00 00 12"); // 1.0 and 1.3
    assertEquals(OfVersion.OF13, OfNegotiation.agree(stream, EnumSet.allOf(OfVersion.class)));
  }

  @Test
  void shouldTakeAHelloWithoutBitmapForAllVersionsUpToItsOwn() throws IOException {
    write("03 00 00 08 00 00 00 01");
    Set<OfVersion> allowed = EnumSet.of(OfVersion.OF10, OfVersion.OF11, OfVersion.OF15);
    assertEquals(OfVersion.OF11, OfNegotiation.agree(stream, allowed));
  }

  @Test
  void shouldTellThePeerWhenThereIsNoCommonVersion() throws IOException {
    write("01 00 00 08 00 00 00 05");
    OfConnectionException refused =
        assertThrows(
            OfConnectionException.class,
            () -> OfNegotiation.agree(stream, EnumSet.of(OfVersion.OF13)));
    assertTrue(refused.getMessage().contains("We support version 0x04, you support version 0x01"));
    OfStream other = new OfStream(peer);
    assertArrayEquals(
        HexFormat.of().parseHex("04000010000000010001000800000010"), other.receive().bytes());
    OfFrame error = other.receive();
    OfMessage.ErrorReport report =
        assertInstanceOf(OfMessage.ErrorReport.class, OfDecoder.inspect(error.bytes()).message());
    assertEquals(OfError.OFPHFC_INCOMPATIBLE, report.error());
    assertEquals(5, error.xid());
  }

  /** A peer whose bitmap says that it speaks nothing still speaks what it says so in. */
  @Test
  void shouldGoByTheHeaderWhereABitmapSaysNothing() throws IOException {
    write("03 00 00 10 00 00 00 01  00 01 00 08 00 00 00 00");
    assertEquals(OfVersion.OF12, OfNegotiation.agree(stream, EnumSet.allOf(OfVersion.class)));
  }

  @Test
  void shouldRefuseAPeerThatBeginsWithSomethingElse() throws IOException {
    write("04 02 00 08 00 00 00 01");
    OfConnectionException refused =
        assertThrows(
            OfConnectionException.class,
            () -> OfNegotiation.agree(stream, EnumSet.allOf(OfVersion.class)));
    assertEquals(
        "expected a hello first, but the peer sent a message of type 2 in version 4",
        refused.getMessage());
  }

  @Test
  void shouldAgreeWithItself() throws Exception {
    CompletableFuture<OfVersion> other =
        CompletableFuture.supplyAsync(() -> {
          try {
            Set<OfVersion> some = EnumSet.of(OfVersion.OF10, OfVersion.OF14);
            return OfNegotiation.agree(new OfStream(peer), some);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    assertEquals(OfVersion.OF14, OfNegotiation.agree(stream, EnumSet.allOf(OfVersion.class)));
    assertEquals(OfVersion.OF14, other.get());
  }

  @Test
  void shouldMeanTheRegisteredPortWhereNoneIsGiven() {
    assertEquals("tcp:127.0.0.1:6653", OfAddress.parse("tcp:127.0.0.1", directory).toString());
    assertEquals("pssl:6653", OfAddress.parse("pssl:", directory).toString());
  }
}
