/** Tests. */
package org.sluice.bench.connections;
