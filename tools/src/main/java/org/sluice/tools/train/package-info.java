/**
 * What the launcher runs after a build so that later starts are warm: each command does a bit of
 * everything, and the JVM remembers what was loaded, linked and often called.
 */
package org.sluice.tools.train;
