/**
 * Messages as text for people and for scripts that read what {@code ovs-ofctl} prints: one printer
 * for each group of messages, all behind {@link org.sluice.openflow.print.MessagePrinter}.
 */
package org.sluice.openflow.print;
