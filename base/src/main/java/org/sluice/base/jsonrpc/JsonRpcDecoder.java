package org.sluice.base.jsonrpc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds the messages in bytes that come in pieces of any size, for a thread that must not wait:
 * what {@link JsonRpcConnection#receive} does for one that may. It says of a wrong message what
 * that says, and as soon.
 *
 * <p>Bytes are only counted until a message is whole (brackets and quotes tell), and read then. Of
 * a long message that is still coming, what is there is looked at whenever it has doubled. Used by
 * one thread, {@link #parse} by any.
 */
public final class JsonRpcDecoder {
  private static final byte[] NOTHING = {};
  private static final int FIRST_CAPACITY = 1 << 10;

  /** What a connection on which nothing comes may keep for what will. */
  private static final int IDLE_CAPACITY = 1 << 12;

  private final JsonRpcLimits limits;
  private final ObjectMapper mapper;

  /** Bytes from {@link #start} to {@link #end} are not dealt with yet. */
  private byte[] buffer = NOTHING;

  private int start;
  private int end;

  /** Up to where brackets have been counted. */
  private int counted;

  /** Up to where what was counted can be read: behind the last bracket or comma. */
  private int readable;

  private int depth;
  private boolean quoted;
  private boolean escaped;
  private boolean begun;

  /** At what length an unfinished message is looked at. */
  private int suspectLength;

  /** How many bytes of the connection come before {@link #start}. */
  private long offset;

  /** A decoder that has nothing yet. */
  public JsonRpcDecoder(JsonRpcLimits limits) {
    this.limits = limits;
    this.mapper = JsonTrees.mapper(limits);
  }

  /** Takes bytes that have come, all of them. */
  public void feed(ByteBuffer bytes) {
    int more = bytes.remaining();
    reserve(more);
    bytes.get(buffer, end, more);
    end += more;
  }

  private void reserve(int more) {
    if (buffer.length - end >= more) {
      return;
    }
    int held = end - start;
    long wanted = Math.max(FIRST_CAPACITY, held + (long) more);
    byte[] to = buffer;
    if (wanted > buffer.length) {
      to = new byte[(int) Math.min(Math.max(wanted, 2L * held), Integer.MAX_VALUE - 8)];
    }
    System.arraycopy(buffer, start, to, 0, held);
    buffer = to;
    counted -= start;
    readable -= start;
    end = held;
    start = 0;
  }

  /**
   * Whether a whole message has come; {@link #read} or {@link #take} it then.
   *
   * @throws JsonRpcException if what has come is not, or will not be, a message
   */
  public boolean find() throws JsonRpcException {
    if (!begun && !begin()) {
      return false;
    }
    if (count()) {
      if (counted - start > limits.maxMessageBytes()) {
        throw JsonTrees.tooLong(limits);
      }
      return true;
    }
    int length = end - start;
    if (length > limits.maxMessageBytes()) {
      throw JsonTrees.tooLong(limits);
    }
    if (length >= suspectLength || depth > limits.maxDepth()) {
      suspectLength = 2 * length;
      lookAtBeginning();
    }
    return false;
  }

  private boolean begin() throws JsonRpcException {
    while (start < end && isBlank(buffer[start])) {
      start++;
      offset++;
    }
    if (start == end) {
      start = 0;
      end = 0;
      buffer = buffer.length > IDLE_CAPACITY ? NOTHING : buffer;
      return false;
    }
    if (buffer[start] != '{' && buffer[start] != '[') {
      throw JsonTrees.noMessage();
    }
    begun = true;
    counted = start;
    readable = start;
    suspectLength = 0;
    return true;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  /** Counts on; whether the message is whole. */
  private boolean count() {
    byte[] bytes = buffer;
    int i = counted;
    while (i < end) {
      if (quoted) {
        i = skipString(bytes, i);
        continue;
      }
      byte b = bytes[i++];
      switch (b) {
        case '"' -> quoted = true;
        case '{', '[' -> {
          depth++;
          readable = i;
        }
        case ',' -> readable = i;
        case '}', ']' -> {
          depth--;
          readable = i;
          if (depth == 0) {
            counted = i;
            return true;
          }
        }
        default -> {}
      }
    }
    counted = i;
    return false;
  }

  /** Where the string that position {@code from} is in ends, or the bytes do. */
  private int skipString(byte[] bytes, int from) {
    int i = from;
    if (escaped && i < end) {
      escaped = false;
      i++;
    }
    while (i < end) {
      byte b = bytes[i++];
      if (b == '"') {
        quoted = false;
        return i;
      }
      if (b == '\\') {
        if (i == end) {
          escaped = true;
          return i;
        }
        i++;
      }
    }
    return i;
  }

  /** Complains if no end could make a message of this. */
  private void lookAtBeginning() throws JsonRpcException {
    InputStream beginning = new Beginning(buffer, start, readable - start);
    try (JsonParser parser = mapper.createParser(beginning)) {
      try {
        while (parser.nextToken() != null) {}
      } catch (JsonProcessingException e) {
        throw JsonTrees.wrong(e, offset + parser.currentLocation().getByteOffset());
      }
    } catch (EOFException _) {
      return; // so far, so good
    } catch (JsonRpcException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  /** Has no end: who reads on learns that it is not known yet. Used by one thread. */
  private static final class Beginning extends FilterInputStream {
    Beginning(byte[] bytes, int offset, int length) {
      super(new ByteArrayInputStream(bytes, offset, length));
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
      int n = super.read(to, at, length);
      if (n < 0) {
        throw new EOFException();
      }
      return n;
    }
  }

  /** The length in bytes of the message found. */
  public int length() {
    return counted - start;
  }

  /** The message found. */
  public JsonRpcMessage read() throws JsonRpcException {
    JsonRpcMessage message = parse(buffer, start, length(), offset);
    finish();
    return message;
  }

  /** The message found as it came, for {@link #parse}. */
  public byte[] take() {
    byte[] message = Arrays.copyOfRange(buffer, start, counted);
    finish();
    return message;
  }

  /** The message that was taken. */
  public JsonRpcMessage parse(byte[] message) throws JsonRpcException {
    return parse(message, 0, message.length, 0);
  }

  private JsonRpcMessage parse(byte[] bytes, int from, int length, long before)
      throws JsonRpcException {
    JsonNode tree;
    try (JsonParser parser = mapper.createParser(bytes, from, length)) {
      try {
        parser.nextToken();
        tree = mapper.readTree(parser);
      } catch (JsonProcessingException e) {
        throw JsonTrees.wrong(e, before + parser.currentLocation().getByteOffset());
      }
    } catch (JsonRpcException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
    return JsonRpcMessage.fromJson(tree);
  }

  private void finish() {
    offset += counted - start;
    start = counted;
    begun = false;
  }

  /** The peer has closed. */
  public void end() throws JsonRpcException {
    if (begun) {
      throw JsonTrees.cutOff(null);
    }
  }
}
