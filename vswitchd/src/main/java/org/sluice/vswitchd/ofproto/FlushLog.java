package org.sluice.vswitchd.ofproto;

import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.openflow.message.CtFlush;
import org.sluice.openflow.text.CtFlushText;

/** Logs which connections controllers want forgotten, for people who debug them. Any thread. */
final class FlushLog {
  private final Vlog log;
  private final String datapath;

  FlushLog(Vlog log, String datapath) {
    this.log = log;
    this.datapath = datapath;
  }

  void zone(int zone) {
    log.dbg("%s: ct_flush: zone %d", datapath, zone);
  }

  void match(CtFlush match) {
    if (!log.isEnabled(LogLevel.DBG)) {
      return;
    }
    if (!match.isForAll()) {
      int zone = match.zone() == null ? 0 : match.zone();
      log.dbg("%s: ct_flush: zone=%d %s", datapath, zone, CtFlushText.format(match));
    } else if (match.zone() == null) {
      log.dbg("%s: ct_flush: <all>", datapath);
    } else {
      zone(match.zone());
    }
  }
}
