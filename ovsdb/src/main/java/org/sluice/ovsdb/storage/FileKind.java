package org.sluice.ovsdb.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.base.linux.FileErrors;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/** The two formats of database files, told apart by the first header line. */
public enum FileKind {
  /** One server's database; see {@link DatabaseFile}. */
  STANDALONE("OVSDB JSON "),

  /** One member's part of a clustered database, which is another format; see {@link ClusterLog}. */
  CLUSTERED("OVSDB CLUSTER ");

  private static final Pattern HEADER =
      Pattern.compile("OVSDB ([^ \n]*) ([0-9]+) [0-9a-f]{40}\n.*", Pattern.DOTALL);

  private final String magic;

  FileKind(String magic) {
    this.magic = magic;
  }

  /** How every record begins. */
  String magic() {
    return magic;
  }

  /** Looks at the beginning of {@code file}; errors name it. */
  public static FileKind of(Path file) throws OvsdbException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LogRecord.MAX_HEADER);
    } catch (IOException e) {
      String operation = Files.isDirectory(file) ? "read error" : "open failed";
      String text = "%s: %s (%s)".formatted(file, operation, FileErrors.reason(e));
      throw OvsdbError.of("I/O error", text).thrown();
    }
    return of(file, new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private static FileKind of(Path file, String beginning) throws OvsdbException {
    Matcher header = HEADER.matcher(beginning);
    if (!beginning.isEmpty() && !header.matches()) {
      throw OvsdbError.of("ovsdb error", file + ": unexpected file format").thrown();
    }
    for (FileKind kind : values()) {
      if (beginning.startsWith(kind.magic)) {
        return kind;
      }
    }
    throw OvsdbError.of("ovsdb error", file + ": cannot identify file type").thrown();
  }

  /** Complains about a file that is not {@link #STANDALONE}. */
  static void requireStandalone(Path file) throws OvsdbException {
    STANDALONE.require(file);
  }

  /** Complains about a file of another kind. */
  void require(Path file) throws OvsdbException {
    if (of(file) != this) {
      throw OvsdbError.of("ovsdb error", file + ": " + refusal()).thrown();
    }
  }

  /** What is said where a file of this kind is wanted and there is one of the other. */
  private String refusal() {
    return this == STANDALONE
        ? "cannot apply this operation to clustered database file"
        : "cannot identify file type";
  }
}
