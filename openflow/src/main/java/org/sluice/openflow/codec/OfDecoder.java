package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.Role;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.Vendor;

/** Reads messages. Never throws: what is not a message gives the error to send back. */
public final class OfDecoder {
  /** Bytes of the header that every message begins with. */
  public static final int HEADER_BYTES = 8;

  private static final int MAX_BUNDLE_DEPTH = 1;
  private static final int VENDOR_STATS = 0xffff;

  private final WireReader in;
  private final Dialect dialect;
  private final OfVersion version;
  private final int bundleDepth;

  private OfDecoder(WireReader in, Dialect dialect, int bundleDepth) {
    this.in = in;
    this.dialect = dialect;
    version = dialect.version();
    this.bundleDepth = bundleDepth;
  }

  /**
   * What {@code bytes} say, exactly one message, in the version of its own header. {@code tableId}:
   * flow mods of 1.0 carry a table number.
   */
  public static Decoded decode(byte[] bytes, boolean tableId) {
    return decode(bytes, tableId, 0);
  }

  private static Decoded decode(byte[] bytes, boolean tableId, int bundleDepth) {
    if (bytes.length < HEADER_BYTES) {
      return new Decoded.Bad(0, OfError.OFPBRC_BAD_LEN);
    }
    WireReader in = new WireReader(bytes);
    int wireVersion = in.u8();
    int type = in.u8();
    int length = in.u16();
    int xid = in.u32();
    OfVersion version = OfVersion.ofWire(wireVersion);
    // A hello may say a version that nobody knows yet.
    OfVersion known = version == null && type == 0 ? OfVersion.OF10 : version;
    if (known == null) {
      return new Decoded.Bad(xid, OfError.OFPBRC_BAD_VERSION);
    }
    if (length != bytes.length) {
      return new Decoded.Bad(xid, OfError.OFPBRC_BAD_LEN);
    }
    try {
      Dialect dialect = new Dialect(known, true, tableId);
      OfMessage message =
          type == 0
              ? readHello(in, wireVersion)
              : new OfDecoder(in, dialect, bundleDepth).read(type);
      return message == null
          ? new Decoded.Bad(xid, OfError.OFPBRC_BAD_TYPE)
          : new Decoded.Ok(known, xid, message);
    } catch (BadWireException bad) {
      return new Decoded.Bad(xid, bad.error());
    }
  }

  private static OfMessage readHello(WireReader in, int wireVersion) {
    Set<OfVersion> versions = EnumSet.noneOf(OfVersion.class);
    while (in.left() >= 4) {
      int type = in.peekU16(0);
      int length = in.peekU16(2);
      if (length < 4 || length > in.left()) {
        break;
      }
      WireReader element = in.sub(length, OfError.OFPBRC_BAD_LEN).skip(4);
      in.skip(Math.min(in.left(), -length & 7));
      if (type == 1 && element.left() >= 4) {
        int bitmap = element.u32();
        addVersions(versions, bitmap);
        return new OfMessage.Hello(versions);
      }
    }
    addVersions(versions, (int) ((2L << Math.min(wireVersion, 30)) - 2));
    return new OfMessage.Hello(versions);
  }

  private static void addVersions(Set<OfVersion> versions, int bitmap) {
    for (OfVersion version : OfVersion.values()) {
      if ((bitmap & version.bit()) != 0) {
        versions.add(version);
      }
    }
  }

  private OfMessage read(int type) {
    OfMessage message =
        switch (type) {
          case 1 -> readError();
          case 2 -> new OfMessage.EchoRequest(in.rest());
          case 3 -> new OfMessage.EchoReply(in.rest());
          case 4 -> readVendor();
          case 5 -> new OfMessage.FeaturesRequest();
          case 6 -> readFeatures();
          case 7 -> new OfMessage.GetConfigRequest();
          case 8 -> new OfMessage.GetConfigReply(readConfig());
          case 9 -> new OfMessage.SetConfig(readConfig());
          case 10 -> PacketCodec.readStandard(in, version);
          case 11 -> FlowCodec.readFlowRemoved(in, version, false);
          case 12 -> PortCodec.readStatus(in, version);
          case 13 -> PacketCodec.readPacketOut(in, version);
          case 14 ->
              version == OfVersion.OF10
                  ? FlowCodec.readFlowMod10(in, dialect)
                  : FlowCodec.readFlowMod11(in, version);
          default -> version == OfVersion.OF10 ? read10(type) : read11(type);
        };
    boolean bare = message instanceof OfMessage.Simple || message instanceof Multipart.Request;
    if (bare && !in.isEmpty() && !(message instanceof OfMessage.BundleAdd)) {
      boolean padded = message instanceof Multipart.Request && in.left() < 8;
      if (!padded) {
        throw in.bad(OfError.OFPBRC_BAD_LEN);
      }
    }
    return message;
  }

  private OfMessage read10(int type) {
    return switch (type) {
      case 15 -> {
        OfMessage mod = PortCodec.readMod(in, version);
        in.skip(4);
        yield mod;
      }
      case 16 -> readStats(false);
      case 17 -> readStats(true);
      case 18 -> new OfMessage.BarrierRequest();
      case 19 -> new OfMessage.BarrierReply();
      case 20 -> {
        OfMessage request = PortCodec.readQueueConfigRequest(in, version);
        in.skip(2);
        yield request;
      }
      case 21 -> PortCodec.readQueueConfigReply(in, version);
      default -> null;
    };
  }

  private OfMessage read11(int type) {
    boolean before14 = version.isBefore(OfVersion.OF14);
    return switch (type) {
      case 16 -> {
        OfMessage mod = PortCodec.readMod(in, version);
        in.skip(before14 ? 4 : 0);
        yield mod;
      }
      case 17 -> TableCodec.readMod(in, version);
      case 18 -> readStats(false);
      case 19 -> readStats(true);
      case 20 -> new OfMessage.BarrierRequest();
      case 21 -> new OfMessage.BarrierReply();
      case 22 -> {
        OfMessage request = before14 ? PortCodec.readQueueConfigRequest(in, version) : null;
        in.skip(4);
        yield request;
      }
      case 23 -> before14 ? PortCodec.readQueueConfigReply(in, version) : null;
      default -> read12(type);
    };
  }

  private OfMessage read12(int type) {
    OfVersion first = type <= 25 ? OfVersion.OF12 : type <= 28 ? OfVersion.OF13 : OfVersion.OF14;
    if (version.isBefore(first)) {
      return null;
    }
    boolean properties = version.isAtLeast(OfVersion.OF14);
    return switch (type) {
      case 24 -> new OfMessage.RoleRequest(readRole(), readGeneration(), false);
      case 25 -> new OfMessage.RoleReply(readRole(), readGeneration(), false);
      case 26 -> new AsyncConfig.Get();
      case 27 -> new AsyncConfig.Reply(readAsync(properties));
      case 28 -> new AsyncConfig.SetAll(readAsync(properties), false);
      case 30 -> readRoleStatus();
      case 33 -> readBundleControl();
      case 34 -> readBundleAdd();
      default -> null;
    };
  }

  private AsyncConfig readAsync(boolean properties) {
    return properties ? AsyncCodec.readProperties(in) : AsyncCodec.readMasks(in);
  }

  private Role readRole() {
    Role role = Role.ofWire(in.u32());
    if (role == null) {
      throw in.bad(OfError.OFPRRFC_BAD_ROLE);
    }
    return role;
  }

  private Long readGeneration() {
    long generation = in.skip(4).u64();
    return generation == -1L ? null : Long.valueOf(generation);
  }

  private OfMessage readRoleStatus() {
    Role role = readRole();
    int reason = in.u8();
    return new OfMessage.RoleStatus(role, reason, in.skip(3).u64());
  }

  private OfMessage readBundleControl() {
    int id = in.u32();
    OfMessage.BundleControl.Type type = OfMessage.BundleControl.Type.ofWire(in.u16());
    int flags = in.u16();
    if (type == null) {
      throw in.bad(OfError.OFPBFC_BAD_TYPE);
    }
    in.skip(in.left());
    return new OfMessage.BundleControl(id, type, flags);
  }

  private OfMessage readBundleAdd() {
    if (bundleDepth == MAX_BUNDLE_DEPTH) {
      throw in.bad(OfError.OFPBFC_MSG_UNSUP);
    }
    int id = in.u32();
    int flags = in.skip(2).u16();
    if (in.left() < HEADER_BYTES) {
      throw in.bad(OfError.OFPBFC_MSG_BAD_LEN);
    }
    int length = in.peekU16(2);
    if (length < HEADER_BYTES || length > in.left()) {
      throw in.bad(OfError.OFPBFC_MSG_BAD_LEN);
    }
    byte[] inner = in.array(length);
    if (inner[0] != version.wire()) {
      throw in.bad(OfError.OFPBFC_BAD_VERSION);
    }
    return switch (decode(inner, dialect.tableId(), bundleDepth + 1)) {
      case Decoded.Ok ok -> new OfMessage.BundleAdd(id, flags, ok.message());
      case Decoded.Bad bad -> throw in.bad(bad.error());
    };
  }

  private OfMessage readError() {
    int type = in.u16();
    int code = in.u16();
    int vendor = Vendor.STANDARD;
    if (type == 0xb0c2 && version.isBefore(OfVersion.OF12)) {
      vendor = in.u32();
      type = in.u16();
      code = in.u16();
    } else if (type == 0xffff && version.isAtLeast(OfVersion.OF12)) {
      type = code;
      code = 0;
      vendor = in.u32();
    }
    OfError error = OfError.of(version, new OfError.Code(vendor, type, code));
    return new OfMessage.ErrorReport(
        error == null ? OfError.NXBRC_UNENCODABLE_ERROR : error, in.rest());
  }

  private OfMessage.SwitchConfig readConfig() {
    return new OfMessage.SwitchConfig(in.u16(), in.u16());
  }

  private OfMessage readFeatures() {
    long id = in.u64();
    int buffers = in.u32();
    int tables = in.u8();
    int auxiliary = in.u8();
    int capabilities = in.skip(2).u32();
    in.skip(4);
    List<PortDescription> ports = new ArrayList<>();
    while (version.isBefore(OfVersion.OF13) && !in.isEmpty()) {
      ports.add(PortCodec.readDescription(in, version));
    }
    return new OfMessage.FeaturesReply(id, buffers, tables, auxiliary, capabilities, ports);
  }

  private OfMessage readVendor() {
    int vendor = in.u32();
    int subtype = in.u32();
    OfMessage message =
        switch (vendor) {
          case Vendor.NICIRA -> NiciraCodec.read(in, subtype, dialect);
          case Vendor.ONF -> version == OfVersion.OF13 ? readOnf(subtype) : null;
          default -> throw in.bad(OfError.OFPBRC_BAD_VENDOR);
        };
    if (message == null) {
      throw in.bad(OfError.OFPBRC_BAD_SUBTYPE);
    }
    return message;
  }

  private OfMessage readOnf(int subtype) {
    return switch (subtype) {
      case 1911 -> readRoleStatus();
      case 2300 -> readBundleControl();
      case 2301 -> readBundleAdd();
      default -> null;
    };
  }

  private OfMessage readStats(boolean reply) {
    int type = in.u16();
    boolean more = (in.u16() & 1) != 0;
    in.skip(version == OfVersion.OF10 ? 0 : 4);
    Multipart message;
    if (type == VENDOR_STATS) {
      message = readVendorStats(reply, more);
    } else if (reply) {
      message = new ReplyReader(in, version, more).read(type);
    } else {
      message = RequestCodec.read(in, type, more, version);
    }
    if (message == null) {
      throw in.bad(OfError.OFPBRC_BAD_STAT);
    }
    return message;
  }

  private Multipart readVendorStats(boolean reply, boolean more) {
    int vendor = in.u32();
    int subtype = in.u32();
    in.skip(version == OfVersion.OF10 ? 4 : 0);
    if (vendor != Vendor.NICIRA) {
      throw in.bad(OfError.OFPBRC_BAD_VENDOR);
    }
    Multipart message =
        reply
            ? new ReplyReader(in, version, more).readNicira(subtype)
            : RequestCodec.readNicira(in, subtype, version);
    if (message == null) {
      throw in.bad(OfError.OFPBRC_BAD_SUBTYPE);
    }
    return message;
  }
}
