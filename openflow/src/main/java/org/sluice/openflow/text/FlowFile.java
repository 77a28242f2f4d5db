package org.sluice.openflow.text;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.linux.FileErrors;
import org.sluice.openflow.message.FlowMod;

/** A file of flows, one on each line; {@code #} starts a comment, blank lines do not matter. */
public final class FlowFile {
  private FlowFile() {}

  /** A flow mod and where it stands, as {@code FILE:LINE}. */
  public record Placed(String place, FlowMod flow) {}

  /** Reads one line. */
  @FunctionalInterface
  public interface LineReader<T> {
    /** What the line says. */
    T read(String line) throws OfSyntaxException;
  }

  /** What a line holds, and where. */
  private record Line<T>(String place, T content) {}

  /** The flow mods of the file at {@code path}. */
  public static List<FlowMod> read(Path path, Names names) throws OfSyntaxException {
    return readPlaced(path, names).stream().map(Placed::flow).toList();
  }

  /** The flow mods of the file at {@code path}, each with its line. */
  public static List<Placed> readPlaced(Path path, Names names) throws OfSyntaxException {
    return linesOf(path, line -> FlowParser.parseLine(line, names)).stream()
        .map(line -> new Placed(line.place(), line.content()))
        .toList();
  }

  /** Flows as they are written, which may begin with a command; from standard input for a dash. */
  public static List<Parsed<FlowMod>> readAny(Path path, Names names) throws OfSyntaxException {
    return contents(linesOf(path, line -> FlowParser.readLine(line, names)));
  }

  /** Flows as they are written, all for {@code command}. */
  public static List<Parsed<FlowMod>> readAs(FlowMod.Command command, Path path, Names names)
      throws OfSyntaxException {
    return contents(linesOf(path, line -> FlowParser.read(command, line, names)));
  }

  /** What {@code reader} makes of each line; from standard input for a dash. */
  public static <T> List<T> readLines(Path path, LineReader<T> reader) throws OfSyntaxException {
    return contents(linesOf(path, reader));
  }

  private static <T> List<T> contents(List<Line<T>> lines) {
    return lines.stream().map(Line::content).toList();
  }

  /** The flow mods in {@code text}; errors begin with {@code fileName} and the line's number. */
  public static List<FlowMod> parse(String fileName, String text, Names names)
      throws OfSyntaxException {
    try (Reader in = new StringReader(text)) {
      return contents(readLines(fileName, in, line -> FlowParser.parseLine(line, names)));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string can always be read
    }
  }

  /** What {@code reader} makes of each line of a file, of standard input for a dash. */
  private static <T> List<Line<T>> linesOf(Path path, LineReader<T> reader)
      throws OfSyntaxException {
    try (Reader in = open(path)) {
      return readLines(path.toString(), in, reader);
    } catch (IOException unreadable) {
      throw new OfSyntaxException(path + ": open failed (" + FileErrors.reason(unreadable) + ")");
    }
  }

  private static Reader open(Path path) throws IOException {
    return path.toString().equals("-")
        ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
        : Files.newBufferedReader(path, StandardCharsets.UTF_8);
  }

  private static <T> List<Line<T>> readLines(String fileName, Reader in, LineReader<T> reader)
      throws IOException, OfSyntaxException {
    TextLines text = new TextLines(in);
    List<Line<T>> lines = new ArrayList<>();
    int number = 1;
    for (String line = readLine(fileName + ":1", text); line != null; ) {
      int comment = line.indexOf('#');
      String content = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!content.isEmpty()) {
        String place = fileName + ":" + number;
        lines.add(new Line<>(place, readLine(place, content, reader)));
      }
      number++;
      line = readLine(fileName + ":" + number, text);
    }
    return lines;
  }

  private static String readLine(String place, TextLines text)
      throws IOException, OfSyntaxException {
    try {
      return text.next();
    } catch (OfSyntaxException wrong) {
      throw new OfSyntaxException(place + ": " + wrong.getMessage());
    }
  }

  private static <T> T readLine(String place, String line, LineReader<T> reader)
      throws OfSyntaxException {
    try {
      return reader.read(line);
    } catch (OfSyntaxException wrong) {
      throw new OfSyntaxException(place + ": " + wrong.getMessage());
    }
  }
}
