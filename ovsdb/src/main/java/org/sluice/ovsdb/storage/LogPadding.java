package org.sluice.ovsdb.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Records that say nothing, to fill space that later ones are written over. Whoever reads the log
 * takes them for transactions that changed nothing: the body is an opening brace, blanks, a closing
 * brace and a line feed. They end where blocks of the disk do, so that none has to be written anew
 * for what happens outside of its block. Stateless.
 */
final class LogPadding {
  /** What a disk writes at once. */
  static final int BLOCK = 4096;

  private static final byte[] TAIL = {'}', '\n'};
  private static final int DIGITS = 4;

  /** Lengths have less than one digit more than {@link #DIGITS}. */
  private static final int LENGTHS = 10_000;

  private static final int HEADER = LogRecord.MAGIC.length() + DIGITS + 1 + LogRecord.DIGEST + 1;

  /** The shortest of them. */
  private static final int SHORTEST = HEADER + 1 + TAIL.length;

  /** The hash of a longer one goes on from that of one of these beginnings. */
  private static final int STEP = 1 << 10;

  private static final MessageDigest[] BEGINNINGS = beginnings();
  private static final byte[] BLANKS = new byte[STEP];

  static {
    Arrays.fill(BLANKS, (byte) ' ');
  }

  private LogPadding() {}

  private static MessageDigest[] beginnings() {
    byte[] step = new byte[STEP];
    Arrays.fill(step, (byte) ' ');
    MessageDigest digest = LogRecord.sha1();
    MessageDigest[] all = new MessageDigest[(BLOCK + SHORTEST) / STEP + 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = LogRecord.copy(digest);
      step[0] = (byte) (i == 0 ? '{' : ' ');
      digest.update(step);
    }
    return all;
  }

  /** How many bytes records of {@code length} bytes take with the padding behind them. */
  static int padded(int length) {
    int rest = -length & (BLOCK - 1);
    return length + (rest == 0 ? 0 : rest < SHORTEST ? rest + BLOCK : rest);
  }

  /** Fills a buffer, which is one or more blocks, from {@code from} on; up to where it is used. */
  static int fill(ByteBuffer out, int from) {
    int end = padded(from);
    if (end > from) {
      put(out, from, end - from);
    }
    return end;
  }

  /** Puts one record of {@code length} bytes. */
  static void put(ByteBuffer out, int at, int length) {
    int body = length - HEADER;
    String digits = String.valueOf(LENGTHS + body).substring(1);
    String header = LogRecord.MAGIC + digits + ' ' + hash(body) + '\n';
    out.put(at, header.getBytes(StandardCharsets.US_ASCII));
    out.put(at + HEADER, (byte) '{');
    for (int i = at + HEADER + 1; i < at + length - TAIL.length; i += STEP) {
      out.put(i, BLANKS, 0, Math.min(STEP, at + length - TAIL.length - i));
    }
    out.put(at + length - TAIL.length, TAIL);
  }

  private static String hash(int body) {
    int beginning = body - TAIL.length;
    MessageDigest digest = LogRecord.copy(BEGINNINGS[beginning / STEP]);
    if (beginning < STEP) {
      digest.update((byte) '{');
      digest.update(BLANKS, 0, beginning - 1);
    } else {
      digest.update(BLANKS, 0, beginning % STEP);
    }
    digest.update(TAIL);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Whether the body of a record is that of one of these. */
  static boolean is(byte[] body) {
    int end = body.length - TAIL.length;
    if (end < 1 || body[0] != '{' || body[end] != TAIL[0] || body[end + 1] != TAIL[1]) {
      return false;
    }
    for (int i = 1; i < end; i++) {
      if (body[i] != ' ') {
        return false;
      }
    }
    return true;
  }
}
