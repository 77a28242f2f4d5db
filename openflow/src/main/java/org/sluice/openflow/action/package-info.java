/**
 * OpenFlow actions and instructions as values, the same for every protocol version: what a rule
 * does, apart from how a version writes it.
 */
package org.sluice.openflow.action;
