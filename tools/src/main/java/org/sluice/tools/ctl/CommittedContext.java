package org.sluice.tools.ctl;

import java.util.Map;
import java.util.UUID;

/**
 * What is known when the transaction has succeeded. Immutable.
 *
 * @param invocation the command
 * @param inserted the real UUIDs of new rows by those they had in the draft
 */
public record CommittedContext(Invocation invocation, Map<UUID, UUID> inserted) {}
