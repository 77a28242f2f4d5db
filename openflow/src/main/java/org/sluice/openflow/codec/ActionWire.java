package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** Actions and instructions by themselves, outside of any message. */
public final class ActionWire {
  private ActionWire() {}

  /**
   * What was read, or why it could not be.
   *
   * @param actions null where there is an error
   * @param error null where there is none
   * @param notes what the log should say
   */
  public record Read(List<OfAction> actions, OfError error, List<Note> notes) {}

  /** Reads a list of actions. */
  public static Read readActions(byte[] bytes, OfVersion version) {
    return read(bytes, new ActionReader(version)::readAll);
  }

  /** Reads the instructions of a rule, in 1.0 its actions. */
  public static Read readInstructions(byte[] bytes, OfVersion version) {
    return read(bytes, new InstructionReader(version)::read);
  }

  private static Read read(byte[] bytes, Function<WireReader, List<OfAction>> how) {
    List<Note> notes = new ArrayList<>();
    try {
      return new Read(how.apply(new WireReader(bytes, notes)), null, notes);
    } catch (BadWireException bad) {
      return new Read(null, bad.error(), notes);
    }
  }

  /** Writes a list of actions. */
  public static byte[] writeActions(List<OfAction> actions, OfVersion version) {
    WireWriter out = new WireWriter();
    new ActionWriter(out, version, Match.any()).writeActions(actions);
    return out.toArray();
  }

  /** Writes the instructions of a rule. */
  public static byte[] writeInstructions(List<OfAction> actions, OfVersion version) {
    WireWriter out = new WireWriter();
    new ActionWriter(out, version, Match.any()).writeInstructions(actions);
    return out.toArray();
  }
}
