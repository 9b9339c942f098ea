/**
 * Container images of the coordinator and of the site agent, built without a daemon: a Java runtime of what is needed,
 * the machine's C library with its licences, the class path and the command line of the launcher.
 */
@NullMarked
package org.commissure.containers;

import org.jspecify.annotations.NullMarked;
