package org.sluice.vswitchd.ofproto;

import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.datapath.datapath.DpActionText;
import org.sluice.datapath.datapath.Translation;
import org.sluice.datapath.flow.DatapathFlowText;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowTextOptions;
import org.sluice.vswitchd.translate.UpcallHandler;

/** Logs what misses come to, for people who debug rules. Any thread. */
final class MissLog implements UpcallHandler.Observer {
  private final Vlog log;

  MissLog(Vlog log) {
    this.log = log;
  }

  @Override
  public void translated(FlowKey key, Translation translation) {
    if (!translation.install() || !log.isEnabled(LogLevel.DBG)) {
      return;
    }
    log.dbg(
        "flow_add: %s, actions:%s",
        DatapathFlowText.format(key, translation.mask(), FlowTextOptions.PLAIN),
        DpActionText.format(translation.actions(), key, FlowTextOptions.PLAIN));
  }
}
