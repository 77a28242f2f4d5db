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
  /** How every record begins. */
  static final String MAGIC = "OVSDB JSON ";

  /** Longer than any header line. */
  static final int MAX_HEADER = 128;

  private static final Pattern HEADER = Pattern.compile("OVSDB JSON ([0-9]{1,10}) ([0-9a-f]{40})");

  /** What a header line says. */
  record Header(long length, String sha1) {
    /** Reads a header line without its end, or returns null. */
    static Header parse(String line) {
      Matcher matcher = HEADER.matcher(line);
      return matcher.matches()
          ? new Header(Long.parseLong(matcher.group(1)), matcher.group(2))
          : null;
    }
  }

  private LogRecord() {}

  /** The record of {@code json}, header line and all. */
  public static byte[] encode(JsonNode json) {
    return encode(MAGIC, json);
  }

  /** The same in a file whose records begin with {@code magic}. */
  static byte[] encode(String magic, JsonNode json) {
    byte[] body = (JsonText.of(json) + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] header =
        "%s%d %s\n".formatted(magic, body.length, sha1(body)).getBytes(StandardCharsets.US_ASCII);
    byte[] record = new byte[header.length + body.length];
    System.arraycopy(header, 0, record, 0, header.length);
    System.arraycopy(body, 0, record, header.length, body.length);
    return record;
  }

  static String sha1(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
