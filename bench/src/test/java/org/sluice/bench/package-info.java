/** Tests of the benchmarks: short runs, whose figures nobody looks at. */
package org.sluice.bench;
