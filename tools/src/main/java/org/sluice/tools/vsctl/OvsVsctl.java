package org.sluice.tools.vsctl;

import org.sluice.tools.Command;
import org.sluice.tools.ctl.CtlProgram;
import org.sluice.tools.ctl.Terminal;

/** {@code ovs-vsctl}: configures the switch by its database. */
public final class OvsVsctl implements Command {
  public OvsVsctl() {}

  @Override
  public String name() {
    return VsctlTool.NAME;
  }

  @Override
  public String summary() {
    return "configure the switch: ovs-vsctl add-br br0";
  }

  @Override
  public int run(String[] arguments) throws InterruptedException {
    Terminal terminal = Terminal.system();
    return new CtlProgram(new VsctlTool(terminal), terminal, arguments).run();
  }
}
