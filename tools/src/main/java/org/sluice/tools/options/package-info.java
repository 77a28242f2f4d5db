/** Command lines as Open vSwitch's programs read them, and the options that many of them share. */
package org.sluice.tools.options;
