package org.sluice.openflow.codec;

import java.util.List;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

/**
 * All that could be read of a message.
 *
 * @param version null where not even the header is right, as is {@code form}
 * @param message null where nothing of the body is right; of a list that is wrong somewhere what
 *     comes before
 * @param error what is wrong, or null
 * @param notes what the log should say
 */
public record Inspected(
    OfVersion version,
    int xid,
    MessageForm form,
    OfMessage message,
    OfError error,
    List<Note> notes) {}
