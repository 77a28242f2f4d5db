package org.sluice.base.unixctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Reader;

/** What a command answers. Immutable, but for a {@link LongText}, which is read once. */
public sealed interface UnixctlReply {
  /** Success, in words; what is shown to the user as it is, so it normally ends in a new line. */
  record Text(String text) implements UnixctlReply {}

  /**
   * Success, in more words than should be held at once: they are read as they are sent. Ends in a
   * new line unless it is empty.
   */
  record LongText(Reader text) implements UnixctlReply {}

  /** Success, as a document; only where the request {@linkplain UnixctlRequest#json wants one}. */
  record Json(JsonNode document) implements UnixctlReply {}

  /** Refusal. */
  record Failure(String error) implements UnixctlReply {}

  /** Success with nothing to say. */
  UnixctlReply NOTHING = new Text("");

  static UnixctlReply text(String text) {
    return new Text(text);
  }

  static UnixctlReply longText(Reader text) {
    return new LongText(text);
  }

  static UnixctlReply json(JsonNode document) {
    return new Json(document);
  }

  static UnixctlReply error(String error) {
    return new Failure(error);
  }
}
