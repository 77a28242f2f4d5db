package org.sluice.openflow.message;

import java.util.List;

/** Messages of the Nicira extension that have no standard form. */
public sealed interface NiciraMessage extends OfMessage {

  /** Whether flow mods of 1.0 carry a table number. */
  record FlowModTableId(boolean enabled) implements NiciraMessage {}

  /** How 1.0 writes flows: {@code nxm} or with the fixed match. */
  record SetFlowFormat(boolean nxm) implements NiciraMessage {}

  record SetPacketInFormat(PacketIn.Format format) implements NiciraMessage {}

  /** Nothing any more. */
  record FlowAge() implements NiciraMessage {}

  /** Which packet-ins by id this controller gets. */
  record SetControllerId(int id) implements NiciraMessage {}

  /** Changes which tunnel option each {@code tun_metadata} field stands for. */
  record TlvTableMod(TlvCommand command, List<TlvMapping> mappings) implements NiciraMessage {
    public TlvTableMod {
      mappings = List.copyOf(mappings);
    }
  }

  /** In wire order. */
  enum TlvCommand {
    ADD,
    DELETE,
    CLEAR;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static TlvCommand ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /** A tunnel option and the field's index. */
  record TlvMapping(int optionClass, int optionType, int optionBytes, int index) {}

  record TlvTableRequest() implements NiciraMessage {}

  record TlvTableReply(int maxBytes, int maxFields, List<TlvMapping> mappings)
      implements NiciraMessage {
    public TlvTableReply {
      mappings = List.copyOf(mappings);
    }
  }

  /** Continues a packet that waited. */
  record Resume(PacketIn packet) implements NiciraMessage {}

  /** Forgets the connections of a zone. */
  record CtFlushZone(int zone) implements NiciraMessage {}

  /** Forgets the connections that match. */
  record CtFlushMatch(CtFlush match) implements NiciraMessage {}
}
