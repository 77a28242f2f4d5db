/**
 * OpenFlow 1.0 to 1.5 with the Nicira and ONF extensions: actions, messages, wire codec, text
 * syntax and connections. Usable without the switch.
 */
module org.sluice.openflow {
  requires transitive org.sluice.datapath;

  exports org.sluice.openflow.action;
  exports org.sluice.openflow.codec;
  exports org.sluice.openflow.connection;
  exports org.sluice.openflow.match;
  exports org.sluice.openflow.message;
  exports org.sluice.openflow.print;
  exports org.sluice.openflow.text;
}
