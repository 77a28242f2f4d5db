package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.ovsdb.data.JsonText;

/** One record of the log as bytes; the layout is in {@link DatabaseFile}. Stateless. */
public final class LogRecord {
  /** How every record of a standalone database begins. */
  static final String MAGIC = FileKind.STANDALONE.magic();

  /** How many digits of the hash there are. */
  static final int DIGEST = 40;

  /** Longer than any header line. */
  static final int MAX_HEADER = 128;

  private static final Pattern HEADER = Pattern.compile("([0-9]{1,10}) ([0-9a-f]{40})");

  /** What a header line says. */
  record Header(long length, String sha1) {
    /** Reads a header line of such a file, without its end, or returns null. */
    static Header parse(String line, FileKind kind) {
      if (!line.startsWith(kind.magic())) {
        return null;
      }
      Matcher matcher = HEADER.matcher(line.substring(kind.magic().length()));
      return matcher.matches()
          ? new Header(Long.parseLong(matcher.group(1)), matcher.group(2))
          : null;
    }
  }

  private LogRecord() {}

  /** The record of {@code json}, header line and all. */
  public static byte[] encode(JsonNode json) {
    return encode(FileKind.STANDALONE, json);
  }

  /** The same in a file of this kind. */
  static byte[] encode(FileKind kind, JsonNode json) {
    return encode(kind.magic(), json, "\n");
  }

  /** The record of {@code json}, which is written together with another one before it. */
  static byte[] encodeContinued(JsonNode json) {
    return encode(MAGIC, json, " \n");
  }

  private static byte[] encode(String magic, JsonNode json, String end) {
    return encode(magic, JsonText.of(json).concat(end).getBytes(StandardCharsets.UTF_8));
  }

  /** The record of a body that is encoded already. */
  static byte[] encode(byte[] body) {
    return encode(MAGIC, body);
  }

  private static byte[] encode(String magic, byte[] body) {
    String header = magic + body.length + ' ' + sha1(body) + '\n';
    byte[] record = new byte[header.length() + body.length];
    System.arraycopy(header.getBytes(StandardCharsets.US_ASCII), 0, record, 0, header.length());
    System.arraycopy(body, 0, record, header.length(), body.length);
    return record;
  }

  /**
   * Whether a record was written at once with the one before it, so that neither was acknowledged
   * before both were durable: a blank stands before its line feed, which other readers pass over.
   */
  static boolean continuesBatch(byte[] body) {
    return body.length > 1 && body[body.length - 2] == ' ';
  }

  static String sha1(byte[] body) {
    return HexFormat.of().formatHex(sha1().digest(body));
  }

  static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  /** A hash that goes on from where {@code digest} is. */
  static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every JDK's SHA-1 can be copied", e);
    }
  }
}
