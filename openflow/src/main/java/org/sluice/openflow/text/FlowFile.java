package org.sluice.openflow.text;

import java.io.IOException;
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
    return readLines(path.toString(), content(path), line -> FlowParser.parseLine(line, names))
        .stream()
        .map(line -> new Placed(line.place(), line.content()))
        .toList();
  }

  /** Flows as they are written, which may begin with a command; from standard input for a dash. */
  public static List<Parsed<FlowMod>> readAny(Path path, Names names) throws OfSyntaxException {
    return contents(
        readLines(path.toString(), content(path), line -> FlowParser.readLine(line, names)));
  }

  /** Flows as they are written, all for {@code command}. */
  public static List<Parsed<FlowMod>> readAs(FlowMod.Command command, Path path, Names names)
      throws OfSyntaxException {
    return contents(
        readLines(path.toString(), content(path), line -> FlowParser.read(command, line, names)));
  }

  /** What {@code reader} makes of each line; from standard input for a dash. */
  public static <T> List<T> readLines(Path path, LineReader<T> reader) throws OfSyntaxException {
    return contents(readLines(path.toString(), content(path), reader));
  }

  private static <T> List<T> contents(List<Line<T>> lines) {
    return lines.stream().map(Line::content).toList();
  }

  /** The flow mods in {@code text}; errors begin with {@code fileName} and the line's number. */
  public static List<FlowMod> parse(String fileName, String text, Names names)
      throws OfSyntaxException {
    return contents(readLines(fileName, text, line -> FlowParser.parseLine(line, names)));
  }

  /** What the file holds, that of standard input for a dash. */
  private static String content(Path path) throws OfSyntaxException {
    try {
      return path.toString().equals("-")
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(path, StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new OfSyntaxException(path + ": open failed (" + FileErrors.reason(unreadable) + ")");
    }
  }

  private static <T> List<Line<T>> readLines(String fileName, String text, LineReader<T> reader)
      throws OfSyntaxException {
    List<Line<T>> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      int comment = line.indexOf('#');
      String content = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!content.isEmpty()) {
        String place = fileName + ":" + number;
        lines.add(new Line<>(place, readLine(place, content, reader)));
      }
    }
    return lines;
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
