/**
 * The protocol of ovs-appctl: commands with string arguments and one reply, over JSON-RPC on a
 * Unix-domain socket.
 *
 * <p>{@link org.sluice.base.unixctl.UnixctlCommands} knows the commands, {@link
 * org.sluice.base.unixctl.UnixctlServer} serves them, {@link org.sluice.base.unixctl.UnixctlClient}
 * asks.
 */
package org.sluice.base.unixctl;
