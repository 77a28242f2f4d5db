/**
 * OpenFlow messages as values, the same for every protocol version, and the errors one side reports
 * to the other.
 */
package org.sluice.openflow.message;
