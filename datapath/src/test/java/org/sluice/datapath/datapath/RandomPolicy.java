package org.sluice.datapath.datapath;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.Packet;

/**
 * Translates by a random list of rules, looked through from the front; the mask covers what the
 * rules looked at asked for, and no more. The same key always gets the same answer.
 */
final class RandomPolicy implements Upcall {
  private static final Field[] LOOKED_AT = {
    Field.ETH_TYPE, Field.DL_VLAN, Field.IP_SRC, Field.IP_DST, Field.NW_TTL, Field.NW_TOS,
    Field.NW_PROTO, Field.TCP_SRC, Field.TCP_DST, Field.TCP_FLAGS, Field.IPV6_SRC, Field.IPV6_DST,
    Field.IPV6_LABEL, Field.VLAN_TCI
  };

  private final List<Rule> rules = new ArrayList<>();
  private final boolean install;
  private int misses;

  private record Rule(int recircId, FlowMask mask, FlowKey key, List<DpAction> actions) {}

  RandomPolicy(long seed, boolean install) {
    this.install = install;
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      rules.add(rule(random));
    }
  }

  private static Rule rule(Random random) {
    FlowMask mask = new FlowMask();
    FlowKey key = new FlowKey();
    for (int i = random.nextInt(3); i >= 0; i--) {
      Field field = LOOKED_AT[random.nextInt(LOOKED_AT.length)];
      long bits = random.nextInt(2) == 0 ? -1 : 1;
      mask.set(field, bits, bits);
      key.set(field, 0, value(field, random) & bits);
    }
    return new Rule(random.nextInt(4), mask, key, actions(random));
  }

  private static long value(Field field, Random random) {
    return switch (field) {
      case ETH_TYPE -> random.nextBoolean() ? 0x800 : 0x86dd;
      case NW_PROTO -> random.nextBoolean() ? 6 : 17;
      case IP_SRC -> 0x0a000000 + random.nextInt(4);
      case IP_DST -> 0x0b000000 + random.nextInt(4);
      case NW_TTL -> 63 + random.nextInt(2);
      default -> random.nextInt(4);
    };
  }

  private static List<DpAction> actions(Random random) {
    List<DpAction> actions = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      actions.add(action(random, 0));
    }
    if (random.nextInt(3) == 0) {
      actions.add(new DpAction.Recirculate(random.nextInt(4)));
    }
    return actions;
  }

  private static DpAction action(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 12 : 9)) {
      case 0 -> DpAction.SetField.exact(Field.ETH_SRC, random.nextInt(1000));
      case 1 -> DpAction.SetField.exact(Field.IP_DST, 0x0b000000 + random.nextInt(4));
      case 2 -> DpAction.SetField.exact(Field.TCP_SRC, random.nextInt(4));
      case 3 -> new DpAction.PushVlan(0x8100, 0x1000 | random.nextInt(3));
      case 4 -> new DpAction.PopVlan();
      case 5 -> new DpAction.Truncate(20 + random.nextInt(30));
      case 9 -> new DpAction.Clone(List.of(action(random, 1), action(random, 1)));
      case 10 -> new DpAction.Recirculate(random.nextInt(4));
      default -> new DpAction.Output(1 + random.nextInt(3));
    };
  }

  int misses() {
    return misses;
  }

  @Override
  public Translation miss(Packet packet, FlowKey key, long nowNs) {
    misses++;
    FlowMask looked = new FlowMask();
    looked.cover(Field.IN_PORT);
    looked.cover(Field.RECIRC_ID);
    looked.cover(Field.ETH_TYPE);
    List<DpAction> found = List.of();
    for (Rule rule : rules) {
      if (rule.recircId == key.get(Field.RECIRC_ID)) {
        looked.cover(rule.mask);
        if (key.agrees(rule.key, rule.mask)) {
          found = rule.actions;
          break;
        }
      }
    }
    return new Translation(found, looked, install, null, null);
  }

  @Override
  public void userspace(Packet packet, FlowKey key, DpAction.UserspaceReason reason, long nowNs) {
    throw new AssertionError("not part of the policy");
  }
}
