/** Benchmarks of what the package of the same name keeps to itself: the caches' own methods. */
package org.sluice.datapath.datapath;
