/**
 * The text that {@code ovs-ofctl} reads and prints: matches, actions, flows and flow files, both
 * ways.
 */
package org.sluice.openflow.text;
