/** Time as an argument: the one place that reads a clock, and the clock that a test can stop. */
package org.sluice.base.clock;
