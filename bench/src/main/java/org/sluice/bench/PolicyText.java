package org.sluice.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The longer flow files, the same text each time. */
final class PolicyText {
  private static final int RULES = 10_000;
  private static final int MASKS = 200;
  private static final List<Integer> TARGET_PREFIXES = List.of(0, 16, 20, 24, 28, 32);

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private int rules;

  private PolicyText(long seed) {
    random = new Random(seed);
  }

  private void rule(String line) {
    text.append(line).append('\n');
    rules++;
  }

  /**
   * So many rules for as many services, none of which traffic asks for, and one for all the rest.
   */
  static String exact(int services) {
    PolicyText policy = new PolicyText(0);
    policy.rule("priority=1,in_port=1,actions=output:2");
    for (int i = 0; i < services; i++) {
      String address = "12." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255);
      policy.rule("priority=10,udp,nw_dst=" + address + ",tp_dst=53,actions=drop");
    }
    return policy.text.toString();
  }

  // --- An access list.

  /** Which bits a rule of the access list looks at. */
  private record Mask(int sourcePrefix, int targetPrefix, boolean byTarget, boolean bySource) {
    /** Whether fifty rules of it leave most of the traffic to others. */
    boolean isNarrow() {
      return bySource || sourcePrefix >= 26;
    }
  }

  /**
   * 10,000 rules over 200 masks, prefixes of both addresses and ports; most traffic falls to the
   * last rule.
   */
  static String acl() {
    PolicyText policy = new PolicyText(11);
    policy.rule("priority=1,in_port=1,actions=output:2");
    List<Mask> masks = List.copyOf(policy.masks());
    for (int i = 0; i < RULES; i++) {
      policy.access(masks.get(i % MASKS), 10 + i % 1000);
    }
    return policy.text.toString();
  }

  private Set<Mask> masks() {
    Set<Mask> masks = new LinkedHashSet<>();
    while (masks.size() < MASKS) {
      int source = random.nextInt(17, 33);
      int target = TARGET_PREFIXES.get(random.nextInt(TARGET_PREFIXES.size()));
      Mask mask = new Mask(source, target, random.nextBoolean(), random.nextInt(10) < 3);
      if (mask.isNarrow()) {
        masks.add(mask);
      }
    }
    return masks;
  }

  private void access(Mask mask, int priority) {
    StringBuilder match = new StringBuilder("udp,in_port=1,nw_src=10.0.");
    match.append(random.nextInt(256)).append('.').append(random.nextInt(256));
    match.append('/').append(mask.sourcePrefix);
    if (mask.targetPrefix != 0) {
      match.append(",nw_dst=11.0.0.").append(random.nextInt(4)).append('/');
      match.append(mask.targetPrefix);
    }
    if (mask.byTarget) {
      match.append(",tp_dst=").append(random.nextBoolean() ? 80 : random.nextInt(1, 65_536));
    }
    if (mask.bySource) {
      match.append(",tp_src=").append(random.nextInt(1, 65_536));
    }
    rule(
        "priority=%d,%s,actions=%s"
            .formatted(priority, match, random.nextBoolean() ? "drop" : "output:2"));
  }

  // --- A virtual network's pipeline.

  /**
   * 30 tables, two zones of tracking, one for either end; the bulk of the 10,000 rules are access
   * lists, port security and load balancing that this traffic does not meet.
   */
  static String ovn() {
    PolicyText policy = new PolicyText(12);
    policy.rule(
        "table=0,priority=100,in_port=1,actions=load:0x7->NXM_NX_REG14[],"
            + "load:0x3->OXM_OF_METADATA[],load:0x5->NXM_NX_REG13[],resubmit(,8)");
    for (int table = 8; table < 28; table++) {
      policy.ingress(table);
    }
    policy.rule(
        "table=32,priority=100,reg15=0x8,metadata=0x3,"
            + "actions=load:0x6->NXM_NX_REG12[],resubmit(,40)");
    for (int table = 40; table < 49; table++) {
      policy.egress(table);
    }
    while (policy.rules < RULES) {
      policy.bulk();
    }
    return policy.text.toString();
  }

  private void ingress(int table) {
    switch (table) {
      case 14 -> track(14, "NXM_NX_REG13");
      case 20 -> commit(20, "NXM_NX_REG13", ",exec(load:0x1->NXM_NX_CT_MARK[0])");
      case 27 ->
          rule(
              "table=27,priority=50,metadata=0x3,"
                  + "actions=load:0x8->NXM_NX_REG15[],resubmit(,32)");
      default -> pass(table, 0);
    }
  }

  private void egress(int table) {
    switch (table) {
      case 41 -> track(41, "NXM_NX_REG12");
      case 44 -> commit(44, "NXM_NX_REG12", "");
      case 48 -> rule("table=48,priority=100,reg15=0x8,metadata=0x3,actions=output:2");
      default -> pass(table, 0);
    }
  }

  private void pass(int table, int priority) {
    rule(
        "table=%d,priority=%d,metadata=0x3,actions=resubmit(,%d)"
            .formatted(table, priority, table + 1));
  }

  private void track(int table, String zone) {
    rule(
        "table=%d,priority=100,ip,metadata=0x3,actions=ct(table=%d,zone=%s[0..15])"
            .formatted(table, table + 1, zone));
  }

  private void commit(int table, String zone, String more) {
    rule(
        ("table=%d,priority=100,ip,metadata=0x3,ct_state=+trk+new,"
                + "actions=ct(commit,zone=%s[0..15]%s),resubmit(,%d)")
            .formatted(table, zone, more, table + 1));
    pass(table, 90);
  }

  private void bulk() {
    switch (random.nextInt(6)) {
      case 0 ->
          rule(
              ("table=8,priority=90,ip,reg14=0x%x,metadata=0x%x,dl_src=02:00:00:%02x:%02x:%02x,"
                      + "nw_src=10.%d.%d.%d,actions=resubmit(,9)")
                  .formatted(
                      random.nextInt(9, 4000),
                      random.nextInt(3, 60),
                      octet(),
                      octet(),
                      octet(),
                      octet(),
                      octet(),
                      octet()));
      case 1 ->
          rule(
              ("table=12,priority=110,tcp,metadata=0x3,nw_dst=172.16.%d.%d,tp_dst=%d,"
                      + "actions=resubmit(,13)")
                  .formatted(octet(), octet(), List.of(80, 443, 8080).get(random.nextInt(3))));
      case 2, 3 -> filter(17);
      default -> filter(43);
    }
  }

  private void filter(int table) {
    rule(
        ("table=%d,priority=%d,%s,metadata=0x3,ct_state=+new-est+trk,nw_src=%d.%d.%d.0/%d,"
                + "tp_dst=%d,actions=%s")
            .formatted(
                table,
                random.nextInt(1001, 3000),
                random.nextBoolean() ? "tcp" : "udp",
                random.nextInt(20, 200),
                octet(),
                octet(),
                random.nextBoolean() ? 16 : 24,
                random.nextInt(1, 65_536),
                random.nextBoolean() ? "drop" : "resubmit(," + (table + 1) + ")"));
  }

  private int octet() {
    return random.nextInt(256);
  }
}
