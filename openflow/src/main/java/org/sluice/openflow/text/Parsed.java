package org.sluice.openflow.text;

import java.util.List;
import java.util.Set;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfMessage;

/**
 * A message that somebody wrote.
 *
 * @param message what was asked for, word by word: a match may hold what no packet can have
 * @param formats the formats that can say it
 * @param notes what the log should say
 */
public record Parsed<T extends OfMessage>(T message, Set<FlowFormat> formats, List<Note> notes) {}
