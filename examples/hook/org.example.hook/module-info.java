/** A hook of one's own: found because the module provides it and is on the module path. */
module org.example.hook {
  requires org.sluice.datapath;

  provides org.sluice.datapath.hook.PacketHook with
      org.example.hook.TelnetHook;
}
