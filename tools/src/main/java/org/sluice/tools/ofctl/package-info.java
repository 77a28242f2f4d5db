/** {@code ovs-ofctl}: looks at and changes OpenFlow switches, and explains OpenFlow messages. */
package org.sluice.tools.ofctl;
