/** Tests of the measurements between two hosts. */
package org.sluice.bench.network;
