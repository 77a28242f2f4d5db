package org.sluice.openflow.codec;

import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.TableMod;
import org.sluice.openflow.message.OfMessage.TableMod.Eviction;
import org.sluice.openflow.message.OfMessage.TableMod.Miss;
import org.sluice.openflow.message.OfMessage.TableMod.Vacancy;
import org.sluice.openflow.message.OfVersion;

/** Table modification and description. */
final class TableCodec {
  private static final int EVICTION_ENABLED = 1 << 2;
  private static final int VACANCY_ENABLED = 1 << 3;
  private static final int EVICTION = 2;
  private static final int VACANCY = 3;
  private static final int MAX_PERCENT = 100;

  private TableCodec() {}

  private static int config(TableMod mod, OfVersion version) {
    int config =
        version.isBefore(OfVersion.OF13) && mod.miss() != Miss.UNSPECIFIED ? mod.miss().wire() : 0;
    if (version.isAtLeast(OfVersion.OF14)) {
      config |= Boolean.TRUE.equals(mod.eviction().enabled()) ? EVICTION_ENABLED : 0;
      config |= Boolean.TRUE.equals(mod.vacancy().enabled()) ? VACANCY_ENABLED : 0;
    }
    return config;
  }

  static WireWriter writeMod(Frames frames, TableMod mod) {
    WireWriter out =
        frames
            .start(MessageForm.OFPT11_TABLE_MOD, MessageForm.OFPT14_TABLE_MOD)
            .u8(mod.table())
            .zeros(3);
    out.u32(config(mod, frames.version()));
    if (frames.isAtLeast(OfVersion.OF14)) {
      writeProperties(out, mod, 0);
    }
    return out;
  }

  static void writeDescription(WireWriter out, TableMod table) {
    int start = out.size();
    out.u16(0).u8(table.table()).u8(0).u32(config(table, OfVersion.OF14));
    writeProperties(out, table, table.vacancy().now());
    out.setU16(start, out.size() - start);
  }

  /** {@code free}: percent of the table, which only the switch says; 0 where it is told. */
  private static void writeProperties(WireWriter out, TableMod table, int free) {
    if (table.eviction().flags() != -1) {
      Property.writeU32(out, EVICTION, table.eviction().flags());
    }
    if (Boolean.TRUE.equals(table.vacancy().enabled())) {
      Vacancy vacancy = table.vacancy();
      int start = Property.start(out, VACANCY);
      out.u8(vacancy.down()).u8(vacancy.up()).u8(free).u8(0);
      Property.finish(out, start);
    }
  }

  static TableMod readMod(WireReader in, OfVersion version) {
    int table = in.u8();
    int config = in.skip(3).u32();
    if (version.isBefore(OfVersion.OF14)) {
      Miss miss = version.isBefore(OfVersion.OF13) ? Miss.ofWire(config) : Miss.UNSPECIFIED;
      if (miss == null || (version.isBefore(OfVersion.OF13) && miss == Miss.UNSPECIFIED)) {
        throw in.bad(OfError.OFPTMFC_BAD_CONFIG);
      }
      return new TableMod(table, miss, Eviction.UNSPECIFIED, Vacancy.UNSPECIFIED);
    }
    return readProperties(in, table, config, false);
  }

  static WireWriter writeStatus(Frames frames, OfMessage.TableStatus status) {
    WireWriter out = frames.start(MessageForm.OFPT14_TABLE_STATUS).u8(status.reason()).zeros(7);
    writeDescription(out, status.table());
    return out;
  }

  static OfMessage readStatus(WireReader in) {
    int reason = in.u8();
    if (reason != OfMessage.TableStatus.VACANCY_DOWN
        && reason != OfMessage.TableStatus.VACANCY_UP) {
      throw in.bad(OfError.OFPBPC_BAD_VALUE);
    }
    return new OfMessage.TableStatus(reason, readDescription(in.skip(7)));
  }

  static TableMod readDescription(WireReader in) {
    WireReader body = in.sub(in.peekU16(0), OfError.OFPBRC_BAD_LEN).skip(2);
    int table = body.u8();
    return readProperties(body, table, body.skip(1).u32(), true);
  }

  /** {@code loose}: as a switch tells it, of which nothing is refused. */
  private static TableMod readProperties(WireReader in, int table, int config, boolean loose) {
    Eviction eviction = new Eviction((config & EVICTION_ENABLED) != 0, -1);
    boolean vacancyEnabled = (config & VACANCY_ENABLED) != 0;
    Vacancy vacancy = new Vacancy(vacancyEnabled, 0, 0, 0);
    while (!in.isEmpty()) {
      Property property = Property.read(in);
      switch (property.ownType()) {
        case EVICTION -> eviction = new Eviction(eviction.enabled(), property.u32());
        case VACANCY -> {
          vacancy = readVacancy(property, vacancyEnabled);
          requirePossible(in, vacancy, loose);
        }
        default -> {
          if (!loose) {
            throw in.bad(OfError.OFPBRC_BAD_TYPE);
          }
        }
      }
    }
    return new TableMod(table, Miss.UNSPECIFIED, eviction, vacancy);
  }

  private static Vacancy readVacancy(Property property, boolean enabled) {
    int percent = property.u32();
    return new Vacancy(enabled, percent >>> 24, percent >>> 16 & 0xff, percent >>> 8 & 0xff);
  }

  /** How much is free is for the switch to say. */
  private static void requirePossible(WireReader in, Vacancy vacancy, boolean loose) {
    boolean isPossible =
        vacancy.down() <= vacancy.up() && vacancy.up() <= MAX_PERCENT && vacancy.now() == 0;
    if (!isPossible && !loose) {
      throw in.bad(OfError.OFPBPC_BAD_VALUE);
    }
  }
}
