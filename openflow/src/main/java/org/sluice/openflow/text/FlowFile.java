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

  /** The flow mods of the file at {@code path}. */
  public static List<FlowMod> read(Path path, Names names) throws OfSyntaxException {
    try {
      return parse(path.toString(), Files.readString(path, StandardCharsets.UTF_8), names);
    } catch (NoSuchFileException missing) {
      throw new OfSyntaxException(path + ": open failed (No such file or directory)");
    } catch (IOException unreadable) {
      throw new OfSyntaxException(path + ": open failed (" + unreadable.getMessage() + ")");
    }
  }

  /** The flow mods in {@code text}; errors begin with {@code fileName} and the line's number. */
  public static List<FlowMod> parse(String fileName, String text, Names names)
      throws OfSyntaxException {
    List<FlowMod> flows = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      int comment = line.indexOf('#');
      String content = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!content.isEmpty()) {
        flows.add(parseLine(fileName, number, content, names));
      }
    }
    return flows;
  }

  private static FlowMod parseLine(String fileName, int number, String line, Names names)
      throws OfSyntaxException {
    try {
      return FlowParser.parseLine(line, names);
    } catch (OfSyntaxException wrong) {
      throw new OfSyntaxException(fileName + ":" + number + ": " + wrong.getMessage());
    }
  }
}
