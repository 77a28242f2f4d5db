package org.sluice.openflow.codec;

import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.PortDescription.Features;

/** Ports: their description, status, and modification. */
final class PortCodec {
  private static final int CONFIG_10 = 0x7f;
  private static final int CONFIG_11 =
      PortDescription.Config.DOWN
          | PortDescription.Config.NO_RECV
          | PortDescription.Config.NO_FORWARD
          | PortDescription.Config.NO_PACKET_IN;
  private static final int STATE_10 =
      PortDescription.State.LINK_DOWN | PortDescription.State.STP_MASK;
  private static final int STATE_11 = 7;
  private static final int ETHERNET = 0;

  private PortCodec() {}

  // 1.0 has the seven modes up to 10 Gb, then copper at bit 7.
  private static int modesTo10(int modes) {
    return (modes & 0x7f) | (modes >>> 4 & 0xf80);
  }

  private static int modesFrom10(int modes) {
    return (modes & 0x7f) | ((modes & 0xf80) << 4);
  }

  static void writeDescription(Frames frames, WireWriter out, PortDescription port) {
    switch (frames.version()) {
      case OF10 -> {
        Features features = port.features();
        out.u16(port.number()).mac(port.mac()).text(port.name(), 16);
        out.u32(port.config() & CONFIG_10).u32(port.state() & STATE_10);
        out.u32(modesTo10(features.current())).u32(modesTo10(features.advertised()));
        out.u32(modesTo10(features.supported())).u32(modesTo10(features.peer()));
      }
      case OF11, OF12, OF13 -> {
        out.u32(OfPort.toWire(port.number())).zeros(4);
        writeIdentity(out, port);
        writeFeatures(out, port.features());
      }
      default -> {
        int start = out.size();
        out.u32(OfPort.toWire(port.number())).u16(0).zeros(2);
        writeIdentity(out, port);
        out.u16(ETHERNET).u16(32).zeros(4);
        writeFeatures(out, port.features());
        out.setU16(start + 4, out.size() - start);
      }
    }
  }

  private static void writeIdentity(WireWriter out, PortDescription port) {
    out.mac(port.mac()).zeros(2).text(port.name(), 16);
    out.u32(port.config() & CONFIG_11).u32(port.state() & STATE_11);
  }

  private static void writeFeatures(WireWriter out, Features features) {
    out.u32(features.current()).u32(features.advertised()).u32(features.supported());
    out.u32(features.peer()).u32(features.speedKbps()).u32(features.maxSpeedKbps());
  }

  static PortDescription readDescription(WireReader in, OfVersion version) {
    if (version == OfVersion.OF10) {
      int number = in.u16();
      long mac = in.mac();
      String name = in.text(16);
      int config = in.u32() & CONFIG_10;
      int state = in.u32() & STATE_10;
      int current = modesFrom10(in.u32());
      int advertised = modesFrom10(in.u32());
      int supported = modesFrom10(in.u32());
      int peer = modesFrom10(in.u32());
      Features features =
          new Features(
              current,
              advertised,
              supported,
              peer,
              PortDescription.Mode.kbps(current),
              PortDescription.Mode.kbps(supported));
      return new PortDescription(number, mac, name, config, state, features);
    }
    int number = port(in, in.u32());
    if (version.isBefore(OfVersion.OF14)) {
      return readIdentity(in.skip(4), number, true);
    }
    int length = in.u16();
    in.skip(2);
    WireReader body = in.sub(length - 8, OfError.OFPBRC_BAD_LEN);
    PortDescription port = readIdentity(body, number, false);
    Features features = port.features();
    while (!body.isEmpty()) {
      Property property = Property.read(body);
      if (property.ownType() == ETHERNET) {
        features = readFeatures(property.value().skip(4));
      }
    }
    return new PortDescription(
        number, port.mac(), port.name(), port.config(), port.state(), features);
  }

  private static PortDescription readIdentity(WireReader in, int number, boolean features) {
    long mac = in.mac();
    String name = in.skip(2).text(16);
    int config = in.u32() & CONFIG_11;
    int state = in.u32() & STATE_11;
    return new PortDescription(
        number, mac, name, config, state, features ? readFeatures(in) : Features.NONE);
  }

  private static Features readFeatures(WireReader in) {
    return new Features(in.u32(), in.u32(), in.u32(), in.u32(), in.u32(), in.u32());
  }

  static int port(WireReader in, int wire) {
    return in.port(wire, OfError.OFPBAC_BAD_OUT_PORT);
  }

  static WireWriter writeStatus(Frames frames, OfMessage.PortStatus status) {
    WireWriter out =
        frames
            .start(
                MessageForm.OFPT10_PORT_STATUS,
                MessageForm.OFPT11_PORT_STATUS,
                MessageForm.OFPT14_PORT_STATUS)
            .u8(status.reason())
            .zeros(7);
    writeDescription(frames, out, status.port());
    return out;
  }

  static OfMessage.PortStatus readStatus(WireReader in, OfVersion version) {
    int reason = in.u8();
    if (reason > OfMessage.PortStatus.MODIFIED) {
      throw in.bad(OfError.NXBRC_BAD_REASON);
    }
    return new OfMessage.PortStatus(reason, readDescription(in.skip(7), version));
  }

  static WireWriter writeMod(Frames frames, OfMessage.PortMod mod) {
    if (frames.is10()) {
      WireWriter out = frames.start(MessageForm.OFPT10_PORT_MOD).u16(mod.port()).mac(mod.mac());
      out.u32(mod.config() & CONFIG_10).u32(mod.mask() & CONFIG_10);
      return out.u32(modesTo10(mod.advertise())).zeros(4);
    }
    WireWriter out =
        frames
            .start(MessageForm.OFPT11_PORT_MOD, MessageForm.OFPT14_PORT_MOD)
            .u32(OfPort.toWire(mod.port()))
            .zeros(4)
            .mac(mod.mac());
    out.zeros(2).u32(mod.config() & CONFIG_11).u32(mod.mask() & CONFIG_11);
    if (frames.version().isBefore(OfVersion.OF14)) {
      return out.u32(mod.advertise()).zeros(4);
    }
    if (mod.advertise() != 0) {
      Property.writeU32(out, ETHERNET, mod.advertise());
    }
    return out;
  }

  static OfMessage.PortMod readMod(WireReader in, OfVersion version) {
    if (version == OfVersion.OF10) {
      int port = in.u16();
      long mac = in.mac();
      int config = in.u32() & CONFIG_10;
      int mask = in.u32() & CONFIG_10;
      return new OfMessage.PortMod(port, mac, config & mask, mask, modesFrom10(in.u32()));
    }
    int port = port(in, in.u32());
    long mac = in.skip(4).mac();
    int config = in.skip(2).u32() & CONFIG_11;
    int mask = in.u32() & CONFIG_11;
    int advertise = 0;
    if (version.isBefore(OfVersion.OF14)) {
      advertise = in.u32();
    } else {
      while (!in.isEmpty()) {
        Property property = Property.read(in);
        if (property.ownType() != ETHERNET) {
          throw property.unknown("ofp_port", "port_mod");
        }
        advertise = property.u32();
      }
    }
    return new OfMessage.PortMod(port, mac, config & mask, mask, advertise);
  }
}
