package org.sluice.openflow.print;

import java.util.List;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.Note.Level;
import org.sluice.openflow.message.Note.Remark;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;

/** Notes about messages as lines of a log. */
public final class NoteText {
  private static final String MATCH_MODULE = "ofp_match";

  private NoteText() {}

  /** What the log should say, line by line. */
  public static List<Remark> lines(Note note) {
    return switch (note) {
      case Remark remark -> List.of(remark);
      case Note.BadAction(int offset, OfError error, Bytes actions) ->
          List.of(
              new Remark(
                  Level.WARN,
                  "ofp_actions",
                  "bad action at offset %d (%s):\n%s"
                      .formatted(offset, error, dump(actions.toArray())),
                  false));
      case Note.Normalized(Match before, Match after) ->
          List.of(
              line("normalization changed ofp_match, details:"),
              line(" pre: " + MatchFormatter.format(before, Names.NONE)),
              line("post: " + MatchFormatter.format(after, Names.NONE)));
    };
  }

  /** Half a line ends in a dash here. */
  private static String dump(byte[] bytes) {
    String dump = HexDump.format(bytes, false);
    return bytes.length % HexDump.PER_LINE == HexDump.PER_LINE / 2
        ? dump.substring(0, dump.length() - 1) + "-\n"
        : dump;
  }

  private static Remark line(String text) {
    return new Remark(Level.INFO, MATCH_MODULE, text, true);
  }
}
