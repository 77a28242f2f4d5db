/**
 * What a program owes the machine as a daemon: its directories, a locked pidfile, a word when it is
 * ready, an orderly end by signal.
 */
package org.sluice.base.daemon;
