/** The programs: the switch, the tools that drive it, the lab that shows it. */
module org.sluice.tools {
  requires transitive org.sluice.vswitchd;
  requires info.picocli;
  requires jdk.httpserver;

  uses org.sluice.tools.Command;

  exports org.sluice.tools;
  exports org.sluice.tools.offline;

  opens org.sluice.tools.replay to
      info.picocli;
  opens org.sluice.tools.lab to
      info.picocli;

  provides org.sluice.tools.Command with
      org.sluice.tools.replay.ReplayCommand,
      org.sluice.tools.train.TrainDaemon,
      org.sluice.tools.train.TrainDatabase,
      org.sluice.tools.train.TrainTools,
      org.sluice.tools.dbclient.OvsdbClientTool,
      org.sluice.tools.dbtool.OvsdbTool,
      org.sluice.tools.lab.LabCommand,
      org.sluice.tools.ofctl.OvsOfctl,
      org.sluice.tools.ovs.OvsAppctl,
      org.sluice.tools.ovs.OvsVswitchdDaemon,
      org.sluice.tools.ovs.OvsdbServerDaemon,
      org.sluice.tools.ovs.RunCommand,
      org.sluice.tools.vsctl.OvsVsctl;
}
