package org.sluice.datapath.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field.Prerequisite;

class FieldTest {
  /** Groups of fields that are declared to be views of the same bits. */
  private static final List<Set<Field>> VIEWS =
      List.of(
          Set.of(Field.IN_PORT, Field.IN_PORT_OXM),
          Set.of(Field.VLAN_TCI, Field.DL_VLAN, Field.VLAN_VID, Field.DL_VLAN_PCP, Field.VLAN_PCP),
          Set.of(Field.NW_TOS, Field.IP_DSCP, Field.NW_ECN),
          Set.of(Field.NW_PROTO, Field.ARP_OP),
          Set.of(Field.IP_SRC, Field.ARP_SPA),
          Set.of(Field.IP_DST, Field.ARP_TPA),
          Set.of(Field.ARP_SHA, Field.ND_SLL),
          Set.of(Field.ARP_THA, Field.ND_TLL),
          Set.of(Field.TCP_SRC, Field.UDP_SRC, Field.SCTP_SRC, Field.ICMP_TYPE, Field.ICMPV6_TYPE),
          Set.of(Field.TCP_DST, Field.UDP_DST, Field.SCTP_DST, Field.ICMP_CODE, Field.ICMPV6_CODE));

  @Test
  void shouldHaveEveryFieldOfOpenVswitch() {
    assertEquals(211, Field.values().length);
    assertNotNull(Field.byName("nw_src"));
    assertSame(Field.ETH_SRC, Field.byName("dl_src"));
    assertNull(Field.byName("no_such_field"));
  }

  @Test
  void shouldNameEachFieldOnce() {
    List<String> names =
        Arrays.stream(Field.values())
            .flatMap(field -> Stream.of(field.text(), field.alias()))
            .filter(name -> name != null)
            .toList();
    assertEquals(names.size(), Set.copyOf(names).size());
    for (String name : names) {
      Field field = Field.byName(name);
      assertTrue(name.equals(field.text()) || name.equals(field.alias()), name);
    }
  }

  @Test
  void shouldGiveEachWireIdToOneField() {
    Map<OxmId, Field> owners = new HashMap<>();
    for (Field field : Field.values()) {
      Stream.of(field.nxm(), field.oxm())
          .filter(id -> id != null)
          .forEach(id -> assertNull(owners.put(id, field), () -> id + " of " + field));
    }
  }

  @Test
  void shouldKeepEveryFieldWithinItsWord() {
    for (Field field : Field.values()) {
      if (field.isOption()) {
        continue;
      }
      int words = field.isWide() ? 2 : 1;
      assertTrue(field.word() >= 0 && field.word() + words <= Word.COUNT, field.text());
      assertTrue(field.isWide() ? field.shift() == 0 : field.bits() <= 64, field.text());
      assertEquals(
          field.isWide() ? 64 : field == Field.IN_PORT ? 32 : field.bits(),
          Long.bitCount(field.wordMask()),
          field.text());
    }
  }

  @Test
  void shouldShareBitsOnlyAmongDeclaredViews() {
    Field[] fields = Field.values();
    for (int i = 0; i < fields.length; i++) {
      for (int j = i + 1; j < fields.length; j++) {
        if (overlap(fields[i], fields[j])) {
          assertTrue(areViews(fields[i], fields[j]), fields[i] + " lies over " + fields[j]);
        }
      }
    }
  }

  private static boolean overlap(Field one, Field other) {
    return !one.isOption()
        && !other.isOption()
        && ((mask(one, 0) & maskIn(one.word(), other)) != 0
            || (one.isWide() && maskIn(one.word() + 1, other) != 0));
  }

  private static long mask(Field field, int index) {
    return index == 0 ? field.wordMask() : field.isWide() ? -1L : 0;
  }

  private static long maskIn(int word, Field field) {
    int index = word - field.word();
    return index == 0 || index == 1 ? mask(field, index) : 0;
  }

  private static boolean areViews(Field one, Field other) {
    boolean registers = one.word() >= Word.REGISTERS && other.word() >= Word.REGISTERS;
    return registers
        || VIEWS.stream().anyMatch(views -> views.contains(one) && views.contains(other));
  }

  @Test
  void shouldKeepWhatWasSetWhenReadBack() {
    for (Field field : Field.values()) {
      if (field.isOption()) {
        continue;
      }
      FlowKey key = new FlowKey();
      key.set(field, -1L, -1L);
      FlowMask mask = new FlowMask();
      mask.cover(field);
      assertEquals(-1L >>> Math.max(0, 64 - Long.bitCount(field.wordMask())), key.get(field));
      assertTrue(mask.covers(field) && mask.touches(field), field.text());
      assertEquals(key, key.masked(mask));
    }
  }

  @Test
  void shouldBeMaskableInFullWhereRegistersAndAddressesAre() {
    for (Field field : Field.values()) {
      boolean register = field.text().matches("x{0,2}reg[0-9]+");
      assertTrue(!register || (field.maskable() && field.writable()), field.text());
      assertTrue(!register || field.prerequisite() == Prerequisite.NONE, field.text());
    }
  }
}
