/** Places where a test may hold a process still, in order to kill it there. */
@NullMarked
package org.commissure.protocol.fault;

import org.jspecify.annotations.NullMarked;
