package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.OfAction;
import org.sluice.vswitchd.classifier.Rule;

/** Whether a rule names a tunnel option. */
final class OptionUse {
  private OptionUse() {}

  static boolean in(Rule rule, Field option) {
    return rule.match().touches(option) || in(rule.actions(), option);
  }

  private static boolean in(List<OfAction> actions, Field option) {
    for (OfAction action : actions) {
      if (in(action, option)) {
        return true;
      }
    }
    return false;
  }

  private static boolean in(OfAction action, Field option) {
    return switch (action) {
      case OfAction.SetOption set -> set.option() == option;
      case OfAction.DeleteField delete -> delete.field() == option;
      case OfAction.RegLoad load -> in(load.target(), option);
      case OfAction.Move move -> in(move.source(), option) || in(move.target(), option);
      case OfAction.StackPush push -> in(push.source(), option);
      case OfAction.StackPop pop -> in(pop.target(), option);
      case OfAction.OutputField output -> in(output.source(), option);
      case OfAction.Bundle bundle -> in(bundle.target(), option);
      case OfAction.Multipath multipath -> in(multipath.target(), option);
      case OfAction.CheckPacketLarger larger -> in(larger.target(), option);
      case OfAction.Clone clone -> in(clone.actions(), option);
      case OfAction.WriteActions write -> in(write.actions(), option);
      case Ct ct -> in(ct.zoneField(), option) || in(ct.actions(), option);
      case Learn learn -> in(learn.result(), option) || inSpecs(learn.specs(), option);
      default -> false;
    };
  }

  private static boolean in(FieldSlice slice, Field option) {
    return slice != null && slice.field() == option;
  }

  private static boolean inSpecs(List<Learn.Spec> specs, Field option) {
    for (Learn.Spec spec : specs) {
      boolean names =
          switch (spec) {
            case Learn.MatchOn(FieldSlice target, Learn.Source source) ->
                in(target, option) || in(source, option);
            case Learn.LoadInto(FieldSlice target, Learn.Source source) ->
                in(target, option) || in(source, option);
            case Learn.OutputTo(FieldSlice source) -> in(source, option);
          };
      if (names) {
        return true;
      }
    }
    return false;
  }

  private static boolean in(Learn.Source source, Field option) {
    return source instanceof Learn.FromField from && in(from.slice(), option);
  }
}
