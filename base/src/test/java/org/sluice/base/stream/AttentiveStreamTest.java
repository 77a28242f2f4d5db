package org.sluice.base.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AttentiveStreamTest {
  @TempDir Path directory;

  private StreamListener listener;
  private Stream peer;
  private Stream stream;

  @BeforeEach
  void connect() throws IOException {
    Path socket = directory.resolve("socket");
    listener = new StreamAddress.Unix(true, socket).listen(null);
    peer = new StreamAddress.Unix(false, socket).connect(null);
    stream = listener.accept().attentive();
  }

  @AfterEach
  void close() throws IOException {
    stream.close();
    peer.close();
    listener.close();
  }

  /** The result of {@code work}, which another thread does. */
  private static <T> CompletableFuture<T> elsewhere(Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            result.complete(work.run());
          } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  @Test
  void shouldAnswerAPeerThatWaitsForEachAnswer() throws Exception {
    CompletableFuture<Integer> served =
        elsewhere(() -> {
          int count = 0;
          for (int b = stream.input().read(); b >= 0; b = stream.input().read()) {
            stream.output().write(b + 1);
            count++;
          }
          return count;
        });
    for (int i = 0; i < 1_000; i++) {
      peer.output().write(i % 200);
      assertEquals(i % 200 + 1, peer.input().read());
    }
    peer.close();
    assertEquals(1_000, served.get(), "and sees that the peer has gone");
  }

  @Test
  void shouldTakeWhatHasComeWithoutWaiting() throws Exception {
    ByteBuffer into = ByteBuffer.allocate(10);
    assertEquals(0, stream.readNow(into), "nothing yet");
    peer.output().write(new byte[] {1, 2, 3});
    assertEquals(3, stream.readNow(into));
    peer.close();
    assertEquals(-1, stream.readNow(into), "the end");
    assertEquals(-1, stream.input().read(), "which stays so");
  }

  @Test
  void shouldWaitForAPeerThatReadsLater() throws Exception {
    byte[] much = new byte[10 << 20];
    new Random(1).nextBytes(much);
    CompletableFuture<Boolean> sent =
        elsewhere(() -> {
          stream.output().write(much);
          return true;
        });
    assertArrayEquals(much, peer.input().readNBytes(much.length));
    assertEquals(true, sent.get());
  }

  @Test
  void shouldEndAReaderThatWaits() throws Exception {
    CompletableFuture<Integer> read = elsewhere(() -> stream.input().read());
    stream.close();
    ExecutionException ended = assertThrows(ExecutionException.class, read::get);
    assertInstanceOf(ClosedChannelException.class, ended.getCause());
  }

  @Test
  void shouldEndAWriterThatWaits() throws Exception {
    CompletableFuture<Integer> begun = new CompletableFuture<>();
    CompletableFuture<Boolean> sent =
        elsewhere(() -> {
          stream.output().write(1);
          begun.complete(1);
          stream.output().write(new byte[10 << 20]);
          return true;
        });
    assertEquals(1, begun.get());
    stream.close();
    ExecutionException ended = assertThrows(ExecutionException.class, sent::get);
    assertInstanceOf(ClosedChannelException.class, ended.getCause());
  }
}
