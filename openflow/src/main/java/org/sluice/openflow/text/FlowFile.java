package org.sluice.openflow.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.message.FlowMod;

/** A file of flows, one on each line; {@code #} starts a comment, blank lines do not matter. */
public final class FlowFile {
  private FlowFile() {}

  /** A flow mod and where it stands, as {@code FILE:LINE}. */
  public record Placed(String place, FlowMod flow) {}

  /** The flow mods of the file at {@code path}. */
  public static List<FlowMod> read(Path path, Names names) throws OfSyntaxException {
    return readPlaced(path, names).stream().map(Placed::flow).toList();
  }

  /** The flow mods of the file at {@code path}, each with its line. */
  public static List<Placed> readPlaced(Path path, Names names) throws OfSyntaxException {
    try {
      return parsePlaced(path.toString(), Files.readString(path, StandardCharsets.UTF_8), names);
    } catch (NoSuchFileException missing) {
      throw new OfSyntaxException(path + ": open failed (No such file or directory)");
    } catch (IOException unreadable) {
      throw new OfSyntaxException(path + ": open failed (" + unreadable.getMessage() + ")");
    }
  }

  /** The flow mods in {@code text}; errors begin with {@code fileName} and the line's number. */
  public static List<FlowMod> parse(String fileName, String text, Names names)
      throws OfSyntaxException {
    return parsePlaced(fileName, text, names).stream().map(Placed::flow).toList();
  }

  private static List<Placed> parsePlaced(String fileName, String text, Names names)
      throws OfSyntaxException {
    List<Placed> flows = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      int comment = line.indexOf('#');
      String content = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!content.isEmpty()) {
        String place = fileName + ":" + number;
        flows.add(new Placed(place, parseLine(place, content, names)));
      }
    }
    return flows;
  }

  private static FlowMod parseLine(String place, String line, Names names)
      throws OfSyntaxException {
    try {
      return FlowParser.parseLine(line, names);
    } catch (OfSyntaxException wrong) {
      throw new OfSyntaxException(place + ": " + wrong.getMessage());
    }
  }
}
