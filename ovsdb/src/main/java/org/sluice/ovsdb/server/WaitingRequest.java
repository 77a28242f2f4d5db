package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

/**
 * A {@code transact} request with an unsatisfied {@code wait}. Immutable.
 *
 * @param deadlineMs when its shortest wait gives up; Long.MAX_VALUE for never
 */
record WaitingRequest(
    Session session, JsonNode id, ArrayNode params, long arrivedMs, long deadlineMs) {}
