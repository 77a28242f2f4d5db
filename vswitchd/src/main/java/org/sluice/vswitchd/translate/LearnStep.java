package org.sluice.vswitchd.translate;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.message.FlowMod.Timeouts;

/** Makes a rule out of the packet in hand, for the caller of the translation to add. */
final class LearnStep {
  private final Walk walk;
  private final FieldStep fields;

  LearnStep(Walk walk, FieldStep fields) {
    this.walk = walk;
    this.fields = fields;
  }

  void learn(Learn learn) {
    for (Learn.Spec spec : learn.specs()) {
      coverSource(spec);
    }
    if (!walk.hasEffects()) {
      walk.trace.warn("suppressing side effects, so learn action ignored");
      return;
    }
    Effect.LearnRule learned = learned(learn);
    boolean mayLearn = walk.bridge.mayLearn(learned, walk.taughtVersion);
    if (mayLearn) {
      walk.effect(learned);
      walk.version = walk.taughtVersion;
    }
    if ((learn.flags() & Learn.WRITE_RESULT) != 0) {
      fields.assign(learn.result(), mayLearn ? 1 : 0);
      walk.install = false;
    }
  }

  private void coverSource(Learn.Spec spec) {
    switch (spec) {
      case Learn.MatchOn on -> coverSource(on.source());
      case Learn.LoadInto into -> coverSource(into.source());
      case Learn.OutputTo to -> fields.cover(to.source());
    }
  }

  private void coverSource(Learn.Source source) {
    if (source instanceof Learn.FromField from) {
      fields.cover(from.slice());
    }
  }

  private Effect.LearnRule learned(Learn learn) {
    MatchBuilder match = new MatchBuilder(walk.bridge.options());
    List<OfAction> actions = new ArrayList<>();
    Learn.Timeouts timeouts = learn.timeouts();
    if ((timeouts.finIdleS() | timeouts.finHardS()) != 0) {
      actions.add(new OfAction.FinTimeout(timeouts.finIdleS(), timeouts.finHardS()));
    }
    for (Learn.Spec spec : learn.specs()) {
      switch (spec) {
        case Learn.MatchOn on -> match(match, on.target(), valueOf(on.source()));
        case Learn.LoadInto into -> {
          Value value = valueOf(into.source());
          actions.add(new OfAction.RegLoad(into.target(), value.high, value.low));
        }
        case Learn.OutputTo to -> addOutput(actions, to.source().read(walk.key));
      }
    }
    return new Effect.LearnRule(
        walk.bridge,
        learn.table(),
        match.build(),
        learn.priority(),
        learn.cookie(),
        new Timeouts(timeouts.idleS(), timeouts.hardS()),
        learn.flags(),
        learn.limit(),
        actions);
  }

  private static void match(MatchBuilder match, FieldSlice target, Value value) {
    Field field = target.field();
    FlowKey shifted = new FlowKey();
    shifted.layOut(match.key().options());
    shifted.set(field, match.key().getHigh(field), match.key().get(field));
    target.write(shifted, value.high, value.low);
    match.set(
        field,
        shifted.getHigh(field),
        shifted.get(field),
        match.mask().getHigh(field) | target.maskHigh(),
        match.mask().get(field) | target.maskLow());
  }

  private static void addOutput(List<OfAction> actions, long port) {
    boolean usable =
        (port >= 0 && port < OfPort.MAX)
            || port == OfPort.IN_PORT
            || port == OfPort.FLOOD
            || port == OfPort.LOCAL
            || port == OfPort.ALL;
    if (usable) {
      actions.add(OfAction.Output.to((int) port));
    }
  }

  /** Up to 128 bits. */
  private record Value(long high, long low) {}

  private Value valueOf(Learn.Source source) {
    return switch (source) {
      case Learn.FromField from ->
          new Value(from.slice().readHigh(walk.key), from.slice().read(walk.key));
      case Learn.Constant constant -> new Value(constant.high(), constant.low());
    };
  }
}
