package org.sluice.base.jsonrpc;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.sluice.base.json.JsonMistake;
import org.sluice.base.json.JsonSyntax;

/**
 * Finds the messages in bytes that come in pieces of any size, without ever waiting. Each is
 * checked as it comes, and refused as soon as it cannot become one; what is whole is read. Used by
 * one thread, {@link #parse} by any.
 */
public final class JsonRpcDecoder {
  private static final byte[] NOTHING = {};
  private static final int FIRST_CAPACITY = 1 << 10;

  /** What a connection on which nothing comes may keep for what will. */
  private static final int IDLE_CAPACITY = 1 << 12;

  private final JsonRpcLimits limits;
  private final JsonSyntax syntax;
  private final JsonTrees trees;

  /** Bytes from {@link #start} to {@link #end} are not dealt with yet. */
  private byte[] buffer = NOTHING;

  private int start;
  private int end;

  /** A decoder that has nothing yet. */
  public JsonRpcDecoder(JsonRpcLimits limits) {
    this.limits = limits;
    this.syntax = new JsonSyntax(limits.maxDepth());
    this.trees = JsonTrees.within(limits);
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
    end = held;
    start = 0;
  }

  /**
   * Whether a whole message has come; {@link #read} or {@link #take} it then.
   *
   * @throws JsonRpcException if what has come is not, or will not be, a message
   */
  public boolean find() throws JsonRpcException {
    if (syntax.isAtBeginning() && !begin()) {
      return false;
    }
    try {
      boolean whole = syntax.scan(buffer, start, end);
      if (syntax.length() > limits.maxMessageBytes()) {
        throw JsonTrees.tooLong(limits);
      }
      if (syntax.values() > limits.maxValues()) {
        throw JsonTrees.tooMany(limits);
      }
      return whole;
    } catch (JsonMistake e) {
      throw JsonTrees.wrong(e);
    }
  }

  /** Drops blanks before a message; whether something else is there. */
  private boolean begin() {
    while (start < end && syntax.drop(buffer[start])) {
      start++;
    }
    if (start < end) {
      return true;
    }
    start = 0;
    end = 0;
    buffer = buffer.length > IDLE_CAPACITY ? NOTHING : buffer;
    return false;
  }

  /** How much memory is taken by what has come, and kept free for what will. */
  public int heldBytes() {
    return buffer.length;
  }

  /** The length in bytes of the message found. */
  public int length() {
    return syntax.length();
  }

  /** The message found. */
  public JsonRpcMessage read() throws JsonRpcException {
    JsonRpcMessage message = trees.message(buffer, start, length());
    finish();
    return message;
  }

  /** The message found as it came, for {@link #parse}. */
  public byte[] take() {
    byte[] message = Arrays.copyOfRange(buffer, start, start + length());
    finish();
    return message;
  }

  /** The message that was taken. */
  public JsonRpcMessage parse(byte[] message) throws JsonRpcException {
    return trees.message(message, 0, message.length);
  }

  private void finish() {
    start += length();
    syntax.reset();
  }

  /** The peer has closed. */
  public void end() throws JsonRpcException {
    if (!syntax.isAtBeginning()) {
      throw JsonTrees.cutOff();
    }
  }
}
