package org.sluice.datapath.flow;

/** What is matched, field by field: of a match that is done, or of one that is being collected. */
public interface MatchedFields {
  /** As {@link FlowWords#get} of the key. */
  long get(Field field);

  /** As {@link FlowWords#get} of the mask. */
  long mask(Field field);

  /** As {@link FlowMask#covers}. */
  boolean covers(Field field);

  /** As {@link FlowMask#touches}. */
  boolean touches(Field field);
}
