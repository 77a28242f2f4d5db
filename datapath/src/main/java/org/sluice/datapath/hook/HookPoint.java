package org.sluice.datapath.hook;

/** Where on its way a packet is shown to hooks, by Linux's names. */
public enum HookPoint {
  /** It has come in by a port to the outside. */
  PRE_ROUTING,
  /** It is about to leave by a port to this host. */
  LOCAL_IN,
  /** It came in from the outside and is about to leave to the outside. */
  FORWARD,
  /** It has come in by a port to this host. */
  LOCAL_OUT,
  /** It is about to leave by a port to the outside. */
  POST_ROUTING
}
