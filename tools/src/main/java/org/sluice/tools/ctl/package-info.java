/**
 * What the configuration tools of OVSDB databases have in common ({@code ovs-vsctl} is one):
 * command lines with several commands, executed in one transaction; the commands that work on any
 * database; names and values as people type them. A tool adds its own commands and says how rows of
 * its tables may be named.
 *
 * <p>A run: {@link org.sluice.tools.ctl.CtlProgram} reads options, {@link
 * org.sluice.tools.ctl.CommandLine} reads commands, each command says what it wants to see ({@link
 * org.sluice.tools.ctl.Prerequisites}), and all run on one {@link org.sluice.ovsdb.client.Draft} of
 * the database until it is committed or something fails for good.
 */
package org.sluice.tools.ctl;
