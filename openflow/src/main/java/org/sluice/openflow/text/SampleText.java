package org.sluice.openflow.text;

import java.util.StringJoiner;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;

/** The {@code sample(...)} action. Used by one thread. */
final class SampleText {
  private int probability;
  private int collectorSet;
  private int domain;
  private int point;
  private FieldSlice domainField;
  private FieldSlice pointField;
  private int port = OfPort.NONE;
  private OfAction.SampleDirection direction = OfAction.SampleDirection.DEFAULT;

  private SampleText() {}

  static OfAction parse(String text, Names names) throws OfSyntaxException {
    SampleText parsed = new SampleText();
    KeyValues pairs = new KeyValues(text);
    while (pairs.next()) {
      parsed.put(pairs.key(), pairs.value(), names);
    }
    if (parsed.probability == 0) {
      throw new OfSyntaxException("non-zero \"probability\" must be specified on sample");
    }
    return new OfAction.Sample(
        parsed.probability,
        parsed.collectorSet,
        parsed.domain,
        parsed.point,
        parsed.domainField,
        parsed.pointField,
        parsed.port,
        parsed.direction);
  }

  private void put(String key, String value, Names names) throws OfSyntaxException {
    switch (key) {
      case "probability" -> {
        probability = Numbers.u16(value, "probability");
        if (probability == 0) {
          throw new OfSyntaxException("invalid probability value \"" + value + "\"");
        }
      }
      case "collector_set_id" -> collectorSet = Numbers.u32(value);
      case "obs_domain_id" -> {
        domainField = fieldOrNull(key, value);
        domain = domainField == null ? Numbers.u32(value) : 0;
      }
      case "obs_point_id" -> {
        pointField = fieldOrNull(key, value);
        point = pointField == null ? Numbers.u32(value) : 0;
      }
      case "sampling_port" -> {
        port = names.port(value);
        if (port < 0) {
          throw new OfSyntaxException(value + ": unknown port");
        }
      }
      case "ingress" -> direction = OfAction.SampleDirection.INGRESS;
      case "egress" -> direction = OfAction.SampleDirection.EGRESS;
      default -> throw new OfSyntaxException("invalid key \"" + key + "\" in \"sample\" argument");
    }
  }

  private static FieldSlice fieldOrNull(String key, String value) throws OfSyntaxException {
    FieldSlice field = Numbers.prefix(value).length() > 0 ? null : SliceText.parse(value);
    if (field != null && field.bits() > Integer.SIZE) {
      throw new OfSyntaxException(
          "size of %s field (%d) exceeds maximum (%d)".formatted(key, field.bits(), Integer.SIZE));
    }
    return field;
  }

  static String format(OfAction.Sample sample, Names names) {
    StringJoiner parts = new StringJoiner(",", "sample(", ")");
    parts.add("probability=" + sample.probability());
    parts.add("collector_set_id=" + Integer.toUnsignedString(sample.collectorSetId()));
    parts.add("obs_domain_id=" + shown(sample.domainField(), sample.domainId()));
    parts.add("obs_point_id=" + shown(sample.pointField(), sample.pointId()));
    if (sample.samplingPort() != OfPort.NONE) {
      parts.add("sampling_port=" + names.portText(sample.samplingPort()));
    }
    switch (sample.direction()) {
      case INGRESS -> parts.add("ingress");
      case EGRESS -> parts.add("egress");
      case DEFAULT -> {}
    }
    return parts.toString();
  }

  private static String shown(FieldSlice field, int number) {
    return field == null ? Integer.toUnsignedString(number) : SliceText.format(field);
  }
}
